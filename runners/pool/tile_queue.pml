/* SPDX-License-Identifier: MIT */
/*
 * A model of tile_queue.c for the model checker Spin: workers take tiles from
 * the front of their own shares and steal from the back of others'. A share is
 * one word, read and exchanged at once; words of an older call stand for a
 * whole share.
 *
 *	-DWORKERS=2|3   how many
 *	-DGREEDY        takes half of a share at once (guided), else one tile
 *	-DDEATH         one worker may die, with what it had taken
 *	-DBLIND         steals without comparing: must fail
 *
 * Claims: no tile runs twice in a call; once all have returned, none is left.
 */
#ifndef WORKERS
#define WORKERS 2
#endif
#if WORKERS > 2
#define CALLS 1
#else
#define CALLS 2 /* the second one meets words of an older call */
#endif

/* A share; the last of three has none. */
#if WORKERS > 2
#define SHARE 2
#else
#define SHARE 3
#endif
#define TILES (2 * SHARE)
#define SHARE_BEGIN(w) ((w) < 2 -> SHARE * (w) : TILES)
#define SHARE_END(w)   ((w) < 2 -> SHARE * (w) + SHARE : TILES)

byte share_call[WORKERS], share_begin[WORKERS], share_end[WORKERS];
byte runs[TILES];
byte call = 0, returned = 0;
bool died = false;

/* Load the word of worker `whose`, and unpack it: only the load touches shared
 * memory. */
inline look()
{
	d_step {
		word_call = share_call[whose];
		word_begin = share_begin[whose];
		word_end = share_end[whose];
		if
		:: word_call == call -> begin = word_begin; end = word_end
		:: else -> begin = SHARE_BEGIN(whose); end = SHARE_END(whose)
		fi
	}
}

#ifdef BLIND
#define UNCHANGED true
#else
#define UNCHANGED                                                          \
	(share_call[whose] == word_call && share_begin[whose] == word_begin &&   \
	 share_end[whose] == word_end)
#endif

inline exchange(new_begin, new_end)
{
	d_step {
		swapped = UNCHANGED;
		if
		:: swapped ->
			share_call[whose] = call;
			share_begin[whose] = new_begin;
			share_end[whose] = new_end
		:: else
		fi
	}
}

#ifdef GREEDY
#define PORTION ((end - begin + 1) / 2)
#else
#define PORTION (begin < end -> 1 : 0)
#endif

inline run_tiles(first, last)
{
	d_step {
		at = first;
		do
		:: at < last ->
			runs[at]++;
			assert(runs[at] == 1);
			at++
		:: else -> break
		od;
		at = 0
	}
}

inline take_all(me)
{
	whose = me;
	do
	:: true ->
		look();
		size = PORTION;
		exchange(begin + size, end);
		if
		:: swapped && size == 0 -> break
		:: swapped && size > 0 -> run_tiles(begin, begin + size)
		:: !swapped
		fi;
#ifdef DEATH
		if
		:: d_step { !died -> died = true }; goto gone
		:: true
		fi
#endif
	od
}

inline steal(me)
{
	do
	:: true ->
		look();
		if
		:: begin == end -> break
		:: else
		fi;
		size = (end - begin + 1) / 2;
		exchange(begin, end - size);
		if
		:: swapped ->
			d_step {
				share_call[me] = call;
				share_begin[me] = end - size;
				share_end[me] = end;
				stolen = true
			};
			break
		:: else
		fi
	od
}

active [WORKERS] proctype worker()
{
	byte whose, word_call, word_begin, word_end, begin, end, size, at, round;
	bool swapped, stolen;

	do
	:: round == CALLS -> break
	:: round < CALLS ->
		round++;
		call >= round || died;
		if
		:: call < round -> break
		:: else
		fi;
		do
		:: true ->
			take_all(_pid);
			stolen = false;
			whose = (_pid + 1) % WORKERS;
			do
			:: stolen || whose == _pid -> break
			:: else ->
				steal(_pid);
				whose = (whose + 1) % WORKERS
			od;
			if
			:: stolen
			:: else -> break
			fi
		od;
		returned++
	od;
gone:
	skip
}

/* The calls, one after the other, each joined before the next. */
active proctype caller()
{
	byte t;

	do
	:: call == CALLS -> break
	:: call < CALLS ->
		call++;
		returned == WORKERS * call || died;
		if
		:: died -> break
		:: else
		fi;
		d_step {
			t = 0;
			do
			:: t < TILES ->
				assert(runs[t] == 1);
				runs[t] = 0;
				t++
			:: else -> break
			od
		}
	od
}
