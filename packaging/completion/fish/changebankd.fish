# fish completion for changebankd(8)

complete --command changebankd --no-files
complete --command changebankd --long-option config --require-parameter --force-files --description 'read settings from FILE'
complete --command changebankd --long-option config-dir --require-parameter --arguments '(__fish_complete_directories)' --description 'read pieces of settings from DIR'
complete --command changebankd --long-option define --require-parameter --no-files --description 'set one setting'
complete --command changebankd --long-option check --description 'check the settings and report every fault'
complete --command changebankd --long-option print-config --description 'print the settings in effect'
complete --command changebankd --long-option print-defaults --description 'print a settings file with every default'
complete --command changebankd --long-option daemon --description 'run in the background'
complete --command changebankd --long-option pidfile --require-parameter --force-files --description 'write the process id to FILE'
complete --command changebankd --long-option umask --require-parameter --no-files --description 'create files with this mask'
complete --command changebankd --long-option version --description 'print the version'
complete --command changebankd --long-option help --description 'print a help text'
