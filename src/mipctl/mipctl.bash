# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for mipctl

# One line for each command: object and verb, then the words it takes.
_mipctl_commands='
status
binding-cache list hoa
binding-cache delete hoa bid
binding-cache flush
binding-update-list list hoa
binding-update-list delete hoa peer bid
binding-update-list flush
monitor = binding-cache binding-update-list movement hint daemon
stats = kernel had mnd babymdd all
move rereg coa hoa interface bid
move dereg-home hoa interface
move dereg-foreign coa hoa bid
move scan
key generate nai hoa spi
version'
_mipctl_options='--json --pretty --oneline --timestamp --color= -n --netns --run-dir -h --help --version'

# The words of the command line without options and their values.
_mipctl_said() {
	local i skip=0
	for ((i = 1; i < COMP_CWORD; i++)); do
		if ((skip)); then
			skip=0
		elif [[ ${COMP_WORDS[i]} == -n || ${COMP_WORDS[i]} == --netns || ${COMP_WORDS[i]} == --run-dir ]]; then
			skip=1
		elif [[ ${COMP_WORDS[i]} != -* && ${COMP_WORDS[i]} != = ]]; then
			case ${COMP_WORDS[i]} in
			bc) echo binding-cache ;;
			bul) echo binding-update-list ;;
			*) echo "${COMP_WORDS[i]}" ;;
			esac
		fi
	done
}

_mipctl() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words line
	local -a said f
	COMPREPLY=()
	mapfile -t said < <(_mipctl_said)

	case $prev in
	-n | --netns) words=$(ip netns list 2>/dev/null | cut -d' ' -f1) ;;
	--color) words='auto always never' ;;
	--run-dir)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	interface) words=$(cd /sys/class/net 2>/dev/null && echo *) ;;
	hoa | coa | peer | bid | spi | nai) return ;;
	=) words='auto always never' ;;
	*)
		if [[ $cur == -* ]]; then
			words=$_mipctl_options
		else
			while read -r -a f; do
				((${#f[@]})) || continue
				if ((${#said[@]} == 0)); then
					words+=" ${f[0]}"
				elif [[ ${said[0]} != "${f[0]}" ]]; then
					continue
				elif [[ ${f[1]-} == = ]]; then
					words+=" ${f[*]:2}"
				elif ((${#said[@]} == 1)); then
					words+=" ${f[1]-}"
				elif [[ ${said[1]} == "${f[1]-}" ]]; then
					words+=" ${f[*]:2}"
				fi
			done <<<"$_mipctl_commands"
		fi
		;;
	esac
	for line in $words; do
		[[ " ${said[*]:1} " == *" $line "* ]] || COMPREPLY+=("$line")
	done
	mapfile -t COMPREPLY < <(compgen -W "${COMPREPLY[*]}" -- "$cur")
	[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace 2>/dev/null
	return 0
}
complete -F _mipctl mipctl
