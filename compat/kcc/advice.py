# SPDX-License-Identifier: MIT
"""What kalloc-kcc says of a request: options and headers that are not there, and what to do."""
import re

# Which kernel's API sources without a tree are written for (include/kalloc/types.h).
ERA = '-DKALLOC_LINUX_VERSION'
ERA_FORM = ERA + r'=(?:\d+|0x[0-9a-fA-F]+|\s*KERNEL_VERSION\s*\((?:\s*\d+\s*[,)]){3}\s*)'

# Options that kalloc's locks, scheduler and memory are not made for, and why.
IMPOSSIBLE = {
    **dict.fromkeys(('CONFIG_LOCKDEP', 'CONFIG_PROVE_LOCKING', 'CONFIG_PROVE_RCU',
                     'CONFIG_DEBUG_LOCK_ALLOC', 'CONFIG_LOCK_STAT'),
                    'kalloc has no lockdep'),
    **dict.fromkeys(('CONFIG_PREEMPTION', 'CONFIG_PREEMPT', 'CONFIG_PREEMPT_RT',
                     'CONFIG_PREEMPT_DYNAMIC', 'CONFIG_PREEMPT_VOLUNTARY'),
                    'kalloc\'s threads are the host\'s, which preempts them as it does'),
    **dict.fromkeys(('CONFIG_KASAN', 'CONFIG_KMSAN', 'CONFIG_KCSAN', 'CONFIG_KFENCE'),
                    'instead there are --asan and --tsan'),
}

# Whose a header is: that of the C library (and POSIX), or the kernel's, by its folder.
HOSTED = {name + '.h' for name in (
    'assert complex ctype dirent dlfcn errno fcntl fenv float getopt glob inttypes iso646 libgen '
    'limits locale malloc math memory netdb poll pthread regex sched search semaphore setjmp '
    'signal stdatomic stdint stdio stdlib stdnoreturn string strings syslog termios tgmath '
    'threads time uchar ucontext unistd utime wchar wctype wordexp').split()}
HOSTED_FOLDERS = {'arpa', 'bits', 'netinet', 'sys'}
KERNEL_FOLDERS = set('acpi asm asm-generic clocksource crypto drm dt-bindings generated keys kunit '
                     'kvm linux math-emu media memory misc net pcmcia ras rdma scsi soc sound '
                     'target trace uapi ufs vdso video xen'.split())


class Refusal(Exception):
    """What is wrong with the request, in one line."""


def names_era(args):
    return any(flag.startswith(ERA) for flag in args.define + args.flags)


def missing_header(output):
    """The header that the compiler did not find, as it is included: "mine.h", <linux/list.h>."""
    found = re.search(r"fatal error: '?([^':]+)'?(?:: No such file| file not found)", output)
    if not found:
        return None
    own = re.search(r'#\s*include\s*"%s"' % re.escape(found.group(1)), output)
    return ('"%s"' if own else '<%s>') % found.group(1)


def explain(source, output, args):
    """The compiler's message, and what to do where a header is missing."""
    header = missing_header(output)
    if not header:
        return output.rstrip()
    said = '%s: needs %s, ' % (source, header)
    folder = header[1:-1].partition('/')[0]
    if header[0] == '<' and (header[1:-1] in HOSTED or folder in HOSTED_FOLDERS):
        return said + ('which is the C library\'s and not for kernel code; compile what needs it '
                       'apart, with cc -c, and name its object, too')
    if folder not in KERNEL_FOLDERS:
        return said + 'which is in none of the folders that are searched; add -- -IFOLDER'
    if args.ktree:
        return said + ('which neither the tree nor kalloc has; write one in a folder of yours and '
                       'add -- -IFOLDER')
    if names_era(args):
        return said + ('which is not among kalloc\'s own headers; write one in a folder of yours '
                       'and add -- -IFOLDER (with --ktree sources are for the tree\'s kernel)')
    return said + ('which is not among kalloc\'s own headers; if a kernel tree has it, name that '
                   'with --ktree')


def option_name(define):
    return define[len('-D'):].partition('=')[0]


def decided(compat):
    """The options that are as they are, and how."""
    text = (compat / 'generated/autoconf.h').read_text()
    return dict(re.findall(r'^#define (CONFIG_\w+)\s+(\S+)', text, flags=re.M))


def options_of(args, compat):
    """The options of a program that are others than the layer's own."""
    own, options = decided(compat), []
    for define in dict.fromkeys(args.define):
        if not define.startswith('-DCONFIG_'):
            continue
        name, _, value = define[len('-D'):].partition('=')
        if name in IMPOSSIBLE:
            raise Refusal('%s: %s; leave it out' % (define, IMPOSSIBLE[name]))
        if name not in own:
            options.append(define)
        elif own[name] != (value if '=' in define else '1'):
            raise Refusal('%s: kalloc\'s configuration has %s %s; leave it out'
                          % (define, name, own[name]))
    return options
