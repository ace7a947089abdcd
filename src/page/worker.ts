/** A Worker's program: a studio of its own. */
import { expose } from 'comlink';
import { Studio } from './work/studio.ts';

expose(new Studio());
