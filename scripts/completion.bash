# SPDX-License-Identifier: MIT
#
# Completion of breakeven's command line for bash. All names come from the
# command itself, so none can go stale.

# The element of a comma-separated list that is being typed, $3, from what
# `breakeven list --names $2` prints; options of it after a colon.
_breakeven_list()
{
	local element=${3##*,} before=${3%"${3##*,}"} head="" name
	local -a names
	mapfile -t names < <("$1" list --names "$2" 2>/dev/null)
	if [[ $element == *:* ]]; then
		name=${element%%:*}
		head=${element%:*}
		mapfile -t names < <(
			printf '%s\n' "${names[@]}" |
				sed -n "s|^$name:|$head:|p")
	fi
	mapfile -t COMPREPLY < <(compgen -W "${names[*]}" -- "$element")
	COMPREPLY=("${COMPREPLY[@]/#/$before}")
	[[ $2 == kernels && $element == */* ]] &&
		mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(
			compgen -f -X '!*.so' -P "$before" -- "$element")
	compopt -o nospace 2>/dev/null
	# Colons and equal signs part words for readline: what stands before the
	# last of them is there already.
	local typed=${3%"${3##*[:=]}"}
	[[ $COMP_WORDBREAKS == *:* || $COMP_WORDBREAKS == *=* ]] &&
		COMPREPLY=("${COMPREPLY[@]#"$typed"}")
	return 0
}

# The line up to the cursor as words that only blanks part.
_breakeven()
{
	local line=${COMP_LINE:0:COMP_POINT} word before program
	local -a words
	read -ra words <<<"$line"
	[[ $line == *[[:blank:]] ]] && words+=("")
	program=${words[0]/#\~/$HOME}
	word=${words[-1]}
	before=${words[-2]}
	COMPREPLY=()
	if ((${#words[@]} <= 2)); then
		mapfile -t COMPREPLY < <(
			compgen -W "--help --version $("$program" --help 2>/dev/null |
				sed -n 's/^  \([a-z]*\) .*/\1/p')" -- "$word")
		return
	fi
	[[ $word == --*=* ]] && before=${word%%=*} word=${word#*=}
	case $before in
	-k | --kernels | --kernel) _breakeven_list "$program" kernels "$word" ;;
	-r | --runners) _breakeven_list "$program" runners "$word" ;;
	-f | --format | --pin | --arena | --data | --of | --names | -d)
		mapfile -t COMPREPLY < <(compgen -W "$(
			_breakeven_values "$program" "${words[1]}" "$before")" -- "$word") ;;
	*)
		if [[ $word == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$("$program" "${words[1]}" \
				--help 2>/dev/null | grep -o -- '--[a-z_-]*')" -- "$word")
		else
			mapfile -t COMPREPLY < <(compgen -f -X '!*.jsonl' -- "$word"
				compgen -d -S / -- "$word")
		fi ;;
	esac
}

# What an option takes, from what the command says when it is given nonsense.
_breakeven_values()
{
	"$1" "$2" "$3" '?' x 1 2>&1 </dev/null |
		sed -n 's/^breakeven [a-z]*: .*takes \(one of \)\?\(.*\)[,;] not.*/\2/p' |
		sed 's/, / /g; s/ or / /g'
}

complete -F _breakeven breakeven
