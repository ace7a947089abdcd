/** What a session does, made of its description only: in a thread, which has nothing else. */
import { getLoss } from '../../losses/registry.ts';
import { getMetric } from '../../metrics/registry.ts';
import { Network } from '../../model/network.ts';
import { networkFromConfig } from '../../model/network-config.ts';
import { makePlan } from '../../model/plan.ts';
import { getOptimizer } from '../../optimizers/registry.ts';
import type { SessionDescription } from './job.ts';
import type { Work } from './session-memory.ts';

/** Every thread makes the same. */
export function workOf(description: SessionDescription): Work {
  const { network: config, loss, metrics, optimizer, convolution } = description;
  const network = networkFromConfig(config, (options) => new Network(options), { initialize: false });
  const plan = makePlan(network, loss && getLoss(loss), convolution);
  const { loss: measured, outputShape } = plan;
  return {
    plan,
    metrics: measured ? metrics.map((each) => getMetric(each, { loss: measured, outputShape })) : [],
    optimizer: optimizer && getOptimizer(optimizer),
  };
}
