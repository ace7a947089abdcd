/** The program of the page's threads, which train the experiment's network: they know its parts alone. */
import { Activation } from '../layers/activation.ts';
import { Conv2D } from '../layers/conv2d.ts';
import { Dense } from '../layers/dense.ts';
import { Dropout } from '../layers/dropout.ts';
import { Flatten } from '../layers/flatten.ts';
import { MaxPooling2D } from '../layers/max-pooling2d.ts';
import { categoricalCrossentropy } from '../losses/categorical-crossentropy.ts';
import { adadelta } from '../optimizers/adadelta.ts';
import { register } from '../registry/register.ts';
import { takeTasks } from '../training/threads/web-program.ts';

register(Activation, Conv2D, Dense, Dropout, Flatten, MaxPooling2D, categoricalCrossentropy, adadelta);
takeTasks();
