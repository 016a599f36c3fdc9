# SPDX-License-Identifier: MIT
#
# Completion of breakeven's command line for fish, as breakeven.bash has it.

function __breakeven_complete
	set -l words (commandline -opc) (commandline -ct)
	$words[1] complete $words[2..-1] 2>/dev/null | string match -v ''
end

complete -c breakeven -f -a '(__breakeven_complete)'
