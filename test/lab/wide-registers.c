/*
 * Preloaded into the guest's kernel, which is a program of its own (user-mode Linux).
 *
 * Linux 6.1 keeps 2696 bytes of floating-point registers for each of its processes, and gives just these back by
 * PTRACE_SETREGSET. A host whose CPU has AMX has 11008, takes all or nothing, and answers EFAULT; the guest then ends
 * with "ptrace set fp regs failed, errno = 14". Here the rest is filled with zeros: no guest process asks for AMX.
 *
 * No headers: the tcc that compiles this comes without them.
 */
typedef unsigned long size_t;
struct iovec {
	void *base;
	size_t length;
};

long syscall(long number, ...);
void *memcpy(void *to, const void *from, size_t length);
int *__errno_location(void);

enum {
	SYS_PTRACE = 101,
	PTRACE_PEEKUSER = 3, /* The last of three that return their answer through a pointer. */
	PTRACE_PEEKTEXT = 1,
	PTRACE_GETREGSET = 0x4204,
	PTRACE_SETREGSET = 0x4205,
	NT_X86_XSTATE = 0x202
};

static char registers[65536];

static long peek(long request, long pid, long address)
{
	long word;
	long result = syscall(SYS_PTRACE, request, pid, address, &word);
	if (result < 0)
		return result;
	*__errno_location() = 0;
	return word;
}

/* Asked for once, as this is called at each of the guest's context switches. */
static size_t full_length(long pid)
{
	static size_t length;
	struct iovec all = { registers, sizeof registers };
	if (length == 0 && syscall(SYS_PTRACE, (long)PTRACE_GETREGSET, pid, (long)NT_X86_XSTATE, &all) == 0) {
		length = all.length;
		for (size_t index = 0; index < length; index++)
			registers[index] = 0;
	}
	return length;
}

static long set_wide(long pid, const struct iovec *given)
{
	struct iovec all = { registers, full_length(pid) };
	if (given->length >= all.length)
		return syscall(SYS_PTRACE, (long)PTRACE_SETREGSET, pid, (long)NT_X86_XSTATE, given);
	memcpy(registers, given->base, given->length);
	return syscall(SYS_PTRACE, (long)PTRACE_SETREGSET, pid, (long)NT_X86_XSTATE, &all);
}

long ptrace(int request, int pid, long address, void *data)
{
	if (request >= PTRACE_PEEKTEXT && request <= PTRACE_PEEKUSER)
		return peek(request, pid, address);
	if (request == PTRACE_SETREGSET && address == NT_X86_XSTATE)
		return set_wide(pid, data);
	return syscall(SYS_PTRACE, (long)request, (long)pid, address, data);
}
