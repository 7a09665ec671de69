# fish completion for kickstartd(1)

complete --command kickstartd --no-files
complete --command kickstartd --long-option kickstart --require-parameter --force-files --description 'the kickstart file to run'
complete --command kickstartd --long-option host --require-parameter --no-files --description 'the loopback address to listen on'
complete --command kickstartd --long-option port --require-parameter --no-files --description 'the port to listen on'
complete --command kickstartd --long-option version --description 'print the version'
complete --command kickstartd --long-option help --description 'print a help text'
