/**
 * All that is made by its name, so that strings (`optimizer: 'adam'`) and any file's layers are known: what each of these modules
 * registers as it is loaded; all kernels; and the names that people bring from elsewhere. Bundlers keep what this file names, because package.json lists it, and index.ts, under "sideEffects".
 */

import { INSTEAD } from './checks/instead.ts';
import { ABSENT, SYNONYMS } from './checks/names.ts';
import { knowNames } from './checks/suggest.ts';
import { trainingGroups } from './kernels/groups/training.ts';
import { needKernels } from './kernels/groups.ts';
import * as layers from './layers/index.ts';
import * as losses from './losses/index.ts';
import * as metrics from './metrics/index.ts';
import { allRehearsals } from './model/rehearsal.ts';
import * as optimizers from './optimizers/index.ts';
import { register } from './registry/register.ts';
import { allInitializers } from './tensor/all-initializers.ts';

for (const each of [layers, losses, metrics, optimizers]) register(...Object.values(each));
register(allInitializers, allRehearsals);
needKernels(...trainingGroups);
knowNames({ synonyms: SYNONYMS, absent: ABSENT, instead: INSTEAD });
