process.stderr.write('orchestrate\n');
