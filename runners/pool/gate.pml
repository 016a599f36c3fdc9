/* SPDX-License-Identifier: MIT */
/*
 * A model of gate.c for the model checker Spin: the caller and its workers may
 * fall asleep at any time, and store buffers may hold back what a processor has
 * written for any time, until a fence.
 *
 *	-DWORKERS=2|3   the caller among them
 *	-DCHAIN         worker 2 is released by worker 1, as in a tree
 *	-DDEATH         one worker may die, at any of its steps
 *	-DUNFENCED      a sleeper does not fence: must fail
 *
 * Claims: no process waits for ever (no invalid end state, even without the
 * time-out of gate_join()), not even at the end, for a worker to leave; after a
 * join that succeeds, every worker has done this call's work once; no worker is
 * released ahead of its caller.
 */
#ifndef WORKERS
#define WORKERS 2
#endif
#define CALLS 2
#define STOP  3 /* the epoch of the release that carries no job */

#ifdef CHAIN
#define LEADER(w) ((w) - 1)
#else
#define LEADER(w) 0
#endif

/* Memory. A line belongs to the worker that releases others by it. */
byte epoch[WORKERS];
byte arrived[WORKERS]; /* in the line of its leader */
byte sleepers[WORKERS];
bool asleep[WORKERS];

/* The kernel: does the process wait for a wake-up on this word? */
bool waits_epoch[WORKERS], waits_asleep[WORKERS];

/* A processor's last store, while no other processor sees it. */
bool held[WORKERS], held_epoch[WORKERS];
byte held_value[WORKERS];

byte done[WORKERS]; /* calls that a worker has worked in */
byte call = 0;
bool dead[WORKERS], left[WORKERS];
bool broken = false, died = false;

inline flush(p)
{
	d_step {
		if
		:: held[p] && held_epoch[p] -> epoch[p] = held_value[p]
		:: held[p] && !held_epoch[p] -> arrived[p] = held_value[p]
		:: else
		fi;
		held[p] = false
	}
}

inline store(p, is_epoch, value)
{
	flush(p);
	d_step {
		held[p] = true;
		held_epoch[p] = is_epoch;
		held_value[p] = value
	}
}

/* membarrier(2) */
inline fence_for_all(p)
{
#ifdef UNFENCED
	flush(p)
#else
	flush(0);
	flush(1)
#if WORKERS > 2
	;
	flush(2)
#endif
#endif
}

/* FUTEX_WAKE. The system call drains the store buffer first. */
inline wake_children(p)
{
	flush(p);
	d_step {
		if
		:: LEADER(1) == p -> waits_epoch[1] = false
		:: else
		fi;
#if WORKERS > 2
		if
		:: LEADER(2) == p -> waits_epoch[2] = false
		:: else
		fi
#endif
	}
}

inline release_children(p, value)
{
	store(p, true, value);
	if
	:: sleepers[p] != 0 -> wake_children(p)
	:: sleepers[p] == 0
	fi
}

inline sleep_on_epoch(w, seen, nap)
{
	atomic { flush(w); sleepers[LEADER(w)]++ };
	fence_for_all(w);
	do
	:: epoch[LEADER(w)] == seen ->
		d_step {
			if
			:: epoch[LEADER(w)] == seen -> waits_epoch[w] = true
			:: else
			fi
		};
		if
		:: !waits_epoch[w]
		:: nap -> waits_epoch[w] = false; break /* time is up */
		fi
	:: epoch[LEADER(w)] != seen -> break
	od;
	atomic { flush(w); sleepers[LEADER(w)]-- }
}

/* Poll, or sleep after any number of polls, perhaps after a nap. */
inline await(w, seen)
{
	if
	:: sleep_on_epoch(w, seen, true)
	:: true
	fi;
	if
	:: epoch[LEADER(w)] == seen + 1
	:: sleep_on_epoch(w, seen, false)
	fi;
	assert(epoch[LEADER(w)] == seen + 1)
}

/* Wait for one child. Gives up, if it may, once a worker has died. */
inline gather(p, child, seen, may_give_up)
{
	do
	:: arrived[child] == seen -> break
	:: arrived[child] != seen ->
		atomic { flush(p); asleep[p] = true };
		fence_for_all(p);
		if
		:: arrived[child] != seen ->
			d_step {
				if
				:: asleep[p] -> waits_asleep[p] = true
				:: else
				fi
			};
			/* The time-out lets the caller look for dead workers. */
			if
			:: !waits_asleep[p]
			:: may_give_up && died -> waits_asleep[p] = false
			fi
		:: arrived[child] == seen
		fi;
		atomic { flush(p); asleep[p] = false }
	:: may_give_up && died && arrived[child] != seen ->
		broken = true;
		break
	od
}

inline arrive(w, seen)
{
	store(w, false, seen);
	if
	:: asleep[LEADER(w)] ->
		atomic {
			flush(w);
			if
			:: asleep[LEADER(w)] ->
				asleep[LEADER(w)] = false;
				waits_asleep[LEADER(w)] = false
			:: else
			fi
		}
	:: !asleep[LEADER(w)]
	fi
}

inline may_die(w)
{
#ifdef DEATH
	if
	:: d_step { !died -> died = true; dead[w] = true }
	:: true
	fi
#else
	skip
#endif
}

/* What a processor holds back becomes visible at some time. */
active [WORKERS] proctype memory()
{
end_idle:
	do
	:: held[_pid] -> flush(_pid)
	od
}

proctype worker(byte me)
{
	byte seen = 0;

	{
		do
		:: true ->
			may_die(me);
			await(me, seen);
			seen++;
			assert(seen == STOP || seen == call);
#ifdef CHAIN
			if
			:: me == 1 && WORKERS > 2 -> release_children(1, seen)
			:: else
			fi;
#endif
			if
			:: seen == STOP -> break
			:: else
			fi;
			may_die(me);
			done[me]++;
			may_die(me);
#ifdef CHAIN
			if
			:: me == 1 && WORKERS > 2 -> gather(1, 2, seen, false)
			:: else
			fi;
#endif
			arrive(me, seen)
		od;
		left[me] = true
	} unless {
		/* Killed by the caller, or dead by itself. What it stored still
		 * reaches memory. */
		broken || dead[me]
	}
}

/* Once a worker is found dead, those after it are killed: it may have been
 * their leader. */
inline reap(w)
{
	broken || left[w] || dead[w];
	if
	:: dead[w] -> broken = true
	:: else
	fi
}

active proctype caller()
{
	byte w;

	run worker(1);
#if WORKERS > 2
	run worker(2);
#endif
	do
	:: call == CALLS -> break
	:: call < CALLS ->
		call++;
		release_children(0, call);
		gather(0, 1, call, true);
#if WORKERS > 2 && !defined(CHAIN)
		if
		:: !broken -> gather(0, 2, call, true)
		:: broken
		fi;
#endif
		if
		:: broken -> break
		:: else ->
			/* Joined: every worker has worked once. */
			assert(done[1] == call);
#if WORKERS > 2
			assert(done[2] == call);
#endif
		fi
	od;
	if
	:: broken /* all are killed */
	:: !broken ->
		release_children(0, STOP);
		reap(1);
#if WORKERS > 2
		reap(2)
#endif
	fi
}
