# SPDX-License-Identifier: MIT
#
# Completion of breakeven's command line for bash. The command itself says what
# could stand at the cursor, so nothing here can go stale.

_breakeven()
{
	local line=${COMP_LINE:0:COMP_POINT} program typed
	local -a words
	read -ra words <<<"$line"
	[[ $line == *[[:blank:]] ]] && words+=("")
	program=${words[0]/#\~/$HOME}
	mapfile -t COMPREPLY < <("$program" complete "${words[@]:1}" 2>/dev/null)
	COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
	# An empty line: more may follow without a blank.
	[[ ${#COMPREPLY[@]} -gt 0 && -z ${COMPREPLY[0]} ]] &&
		COMPREPLY=("${COMPREPLY[@]:1}") && compopt -o nospace 2>/dev/null
	# Colons and equal signs part words for readline: what stands before the
	# last of them is there already.
	typed=${words[-1]}
	typed=${typed%"${typed##*[:=]}"}
	[[ $COMP_WORDBREAKS == *:* || $COMP_WORDBREAKS == *=* ]] &&
		COMPREPLY=("${COMPREPLY[@]#"$typed"}")
	return 0
}

complete -F _breakeven breakeven
