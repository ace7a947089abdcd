/** The plan of a step as a table of text, in the page's languages: loaded where a training begins. */
import type { Plan } from '../../model/plan.ts';
import { describePlan } from '../../model/summary.ts';
import { planInPortuguese } from '../../report/messages/plan-pt.ts';

export interface PlanTexts {
  readonly english: string;
  readonly portuguese: string;
}

export const planTexts = (plan: Plan): PlanTexts => ({
  english: describePlan(plan),
  portuguese: describePlan(plan, undefined, planInPortuguese),
});
