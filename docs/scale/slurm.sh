#!/bin/bash
# A study, or the features of many photos, as a Slurm job array: task i does the i-th of PARTS parts.
#
#   PARTS=100
#   sbatch --array=0-$((PARTS - 1)) docs/scale/slurm.sh $PARTS FOLDER [options of degelo study]
#   COMMAND=features sbatch --array=0-$((PARTS - 1)) docs/scale/slurm.sh $PARTS FOLDER --base MODEL --images PHOTOS
#
# All nodes must see FOLDER. The number of parts is an argument, because SLURM_ARRAY_TASK_COUNT is smaller
# when only some tasks are submitted again: --array=17,42 does those two parts of the hundred.
#
# A task may end at any moment and begin again: by scontrol requeue, preemption, a node that fails. Cells that are done
# are skipped; the cell that was being computed begins anew. The script itself puts a task that fails back, TRIES times at
# most. After wrong usage it doesn't: another try would fail too. DEGELO says how the program is started.
#
#SBATCH --job-name=degelo-study
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --time=1-00:00:00
#SBATCH --requeue
#SBATCH --output=degelo-study-%A_%a.log
#SBATCH --open-mode=append

parts=${1:?PARTS: the number of parts, as in --array=0-(PARTS-1)}
folder=${2:?FOLDER: where the cells go}
shift 2
WRONG_USAGE=2

# Unquoted: a program and its arguments.
${DEGELO:-degelo} "${COMMAND:-study}" --cell "$SLURM_ARRAY_TASK_ID/$parts" --out "$folder" \
  --threads "${SLURM_CPUS_PER_TASK:-1}" "$@"
code=$?

if [ $code -ne 0 ] && [ $code -ne $WRONG_USAGE ] && [ "${SLURM_RESTART_COUNT:-0}" -lt "${TRIES:-3}" ]; then
  echo "part $SLURM_ARRAY_TASK_ID ended with $code: put back into the queue"
  scontrol requeue "$SLURM_JOB_ID"
fi
exit $code
