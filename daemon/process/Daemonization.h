#pragma once

namespace changebank::daemon {

/// Moves this process to the background and reports to its caller whether the start succeeded. Create it
/// before any thread is started.
class Daemonization {
public:
    /// Closes the descriptors above standard error that this process inherited, except those of socket
    /// activation, which go to the background process. Forks twice. The original process never returns from
    /// here: it waits until the background process calls ready() or failed() or ends, and exits with the
    /// reported status. In the background process, which has its own session and works in the root folder,
    /// this returns with the standard streams unchanged. Throws Poco::SystemException.
    Daemonization();
    ~Daemonization();

    Daemonization(const Daemonization&) = delete;
    Daemonization& operator=(const Daemonization&) = delete;

    /// The start succeeded: the caller exits with status 0, and the standard streams become /dev/null.
    void ready();

    /// The start failed: the caller exits with this status. Has no effect after ready().
    void failed(int status) noexcept;

private:
    /// The end of the pipe to the caller; -1 once reported.
    int _caller = -1;
};

}  // namespace changebank::daemon
