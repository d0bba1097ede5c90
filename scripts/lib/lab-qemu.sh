# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154,SC2054 # variables are shared with the other parts; commas are the options' own
# The engine "qemu": the distribution's stock kernel, unpacked but not installed, under QEMU.
#
# Cache: qemu-VERSION/{image,initrd.gz}: the kernel package's content and a small initial RAM disk
# that mounts this machine's root by 9p. The kernel is the one that the installed headers belong to,
# since our module is built against those.

qemu_kernel_version() { # the newest stock kernel whose headers are installed, e.g. 6.1.0-56-amd64
	local d
	for d in /usr/src/linux-headers-*-amd64; do
		[[ -e $d/.config ]] && echo "${d#/usr/src/linux-headers-}"
	done | grep -vE 'rt|cloud' | sort -V | tail -n 1
}

qemu_missing() {
	local p
	for p in qemu-system-x86_64 busybox cpio modprobe depmod dpkg-deb apt-get; do
		command -v $p >/dev/null || { echo "the program $p is missing"; return; }
	done
	[[ $(qemu_kernel_version) ]] || echo "the package linux-headers-amd64 is missing"
}

# The revision of the recipe below: what prepare makes is rebuilt when it changes.
qemu_recipe=1

qemu_dir() { echo "$cache/qemu-$(qemu_kernel_version)-$qemu_recipe"; }
qemu_ready() { [[ -s $(qemu_dir)/initrd.gz ]]; }
qemu_tree() { echo "/usr/src/linux-headers-$(qemu_kernel_version)"; }
qemu_image() { echo "$(qemu_dir)/image"; }
qemu_make_args=()

qemu_download() { # DIR VERSION: the kernel package of exactly the headers' version
	local package=linux-image-$2 exact
	exact=$(dpkg-query -W -f '${Version}' "linux-headers-$2")
	cd "$1" || return
	apt-get download "$package=$exact" && return
	# Stale package lists name a file that the archive has replaced.
	((EUID)) || { apt-get -q update && apt-get download "$package=$exact"; }
}

qemu_make_initrd() { # DIR VERSION
	local ird=$1/initrd module
	mkdir -p "$ird"/{bin,proc,dev,mnt,lib}
	cp "$(command -v busybox)" "$ird/bin/busybox"
	for module in 9p 9pnet_virtio virtio_pci virtio_console overlay; do
		modprobe -d "$1/image" -S "$2" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$1/order"
	while read -r module; do
		cp "$module" "$ird/lib/"
		basename "$module" >>"$ird/order"
	done <"$1/order"
	cat >"$ird/init" <<'I'
#!/bin/busybox sh
# First program of the guest: mounts the host's root, read-only, and goes on there.
b=/bin/busybox
$b mount -t devtmpfs none /dev
$b mount -t proc none /proc
while read -r m; do $b insmod /lib/$m || $b echo "initrd: no module $m"; done </order
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro host /mnt || exec $b poweroff -f
for w in $($b cat /proc/cmdline); do
	case $w in lab.init=*) init=${w#lab.init=} ;; esac
done
$b umount /proc
exec $b switch_root /mnt "$init"
I
	chmod +x "$ird/init"
	(cd "$ird" && find . | cpio -o -H newc --quiet | gzip -1) >"$1/initrd.new"
	rm -r "$ird" "$1/order"
	mv "$1/initrd.new" "$1/initrd.gz"
}

qemu_unpack() { # DIR VERSION
	dpkg-deb -x "$1"/linux-image-*.deb "$1/image"
	rm "$1"/linux-image-*.deb
	depmod -b "$1/image" "$2"
}

qemu_prepare() {
	local dir version missing tmp key log
	missing=$(qemu_missing)
	[[ ! $missing ]] || die "$missing: run scripts/setup"
	dir=$(qemu_dir)
	key=${dir##*/}
	! qemu_ready || return 0
	cache_begin "$key" qemu_ready || return 0
	version=$(qemu_kernel_version)
	say "fetching Debian's stock kernel $version (once; about 70 MB; log: $log)"
	with_progress "downloading the kernel package" "$log" '^$' 0 qemu_download "$tmp" "$version" ||
		die "no package linux-image-$version of the headers' version: run apt-get update, apt-get install linux-headers-amd64"
	with_progress "unpacking it" "$log" '^$' 0 qemu_unpack "$tmp" "$version"
	with_progress "making the initial RAM disk" "$log" '^$' 0 qemu_make_initrd "$tmp" "$version"
	cache_finish "$key"
	say "the stock kernel is ready: $dir"
}

# Prints "kvm" or "tcg", a tab, and why. /dev/kvm alone proves nothing: where this machine is itself
# a guest, KVM can fail or hang at boot. So a kernel is booted once, with a time limit, and the
# answer is kept until this machine or the kernel changes.
qemu_accelerator() {
	local answer=$cache/kvm-probe id out
	id="$(cat /proc/sys/kernel/random/boot_id 2>/dev/null) $(qemu_dir)"
	if [[ -r $answer && $(head -n 1 "$answer") == "$id" ]]; then
		tail -n 1 "$answer"
		return
	fi
	if [[ ! -e /dev/kvm ]]; then
		printf 'tcg\tno /dev/kvm\n'
		return
	elif [[ ! -r /dev/kvm || ! -w /dev/kvm ]]; then
		printf 'tcg\t/dev/kvm is not accessible for this user\n'
		return
	elif ! qemu_ready; then
		printf 'tcg\tKVM is probed when the engine is prepared\n'
		return
	fi
	out=$(timeout -k 2 20 qemu-system-x86_64 -accel kvm -cpu host -m 256 -nographic -no-reboot -nic none \
		-vga none -kernel "$(qemu_image)/boot/vmlinuz-$(qemu_kernel_version)" \
		-append 'console=ttyS0 panic=-1' </dev/null 2>&1 | tr -d '\0\r' | grep -aE 'VFS: Unable to mount root|^qemu') || true
	mkdir -p "$cache"
	{
		echo "$id"
		if [[ $out == *'VFS: Unable to mount root'* ]]; then
			printf 'kvm\ta kernel booted under KVM\n'
		else
			out=${out%%$'\n'*}
			printf 'tcg\tno kernel booted under KVM within 20 s (%s)\n' "${out:-no message}"
		fi
	} >"$answer.$$"
	mv "$answer.$$" "$answer"
	tail -n 1 "$answer"
}

# Replaces the calling subshell by the guest.
qemu_exec() { # DEBUG JOB MODE
	local args accel version dir mem
	dir=$(qemu_dir)
	version=$(qemu_kernel_version)
	accel=$(qemu_accelerator)
	mem=${LAB_MEM:-$(guest_memory 0)}
	case ${accel%%	*} in
	kvm) args=(-accel kvm -cpu host) ;;
	*) args=(-accel tcg,thread=multi,tb-size=512 -cpu max) ;;
	esac
	args+=(-smp 2 -m "${mem}M" -nographic -no-reboot -nic none -vga none -monitor none
		-kernel "$dir/image/boot/vmlinuz-$version" -initrd "$dir/initrd.gz"
		-virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"
		-virtfs "local,path=$out,mount_tag=out,security_model=none,multidevs=remap"
		-chardev "file,id=console,path=$rundir/console" -serial chardev:console
		-device virtio-serial-pci,max_ports=8)
	for port in stdout stderr ctl; do
		args+=(-chardev "file,id=$port,path=$rundir/$port" -device "virtserialport,chardev=$port,name=lab.$port")
	done
	args+=(-append "console=ttyS0 panic=-1 loglevel=6 log_buf_len=8M lab.init=$top/test/lab/lib/guest-init lab.job=$2")
	if [[ $3 == shell ]]; then
		args+=(-chardev stdio,id=tty,signal=off -device virtconsole,chardev=tty)
		exec qemu-system-x86_64 "${args[@]}" 2>"$rundir/boot"
	fi
	exec qemu-system-x86_64 "${args[@]}" </dev/null >"$rundir/boot" 2>&1
}

qemu_devices=(/dev/hvc0 virtio:lab.stdout virtio:lab.stderr virtio:lab.ctl)
