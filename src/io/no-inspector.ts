// SIGUSR1 makes Node.js open its inspector, which lets any local process run code in this one, without authentication. A
// listener takes the signal away from Node.js, of every version. It is the first import of the program, because until there
// is one the inspector would open; --disable-sigusr1 would be earlier, but Node.js before 22.14 refuses to start with it.
process.on('SIGUSR1', () => {});
