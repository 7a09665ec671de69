#pragma once

namespace changebank::daemon {

/// Puts a process into the background in such a way that its caller learns whether it came up. To be made
/// before any thread is started.
class Daemonization {
public:
    /// Forks twice. The caller's process waits here until the detached one calls report() or ends, and then
    /// ends with that status; it never returns. In the detached process, which is in a session of its own and
    /// works in the root folder, this returns with standard streams as they were. Throws
    /// Poco::SystemException if that cannot be done.
    Daemonization();
    ~Daemonization();

    Daemonization(const Daemonization&) = delete;
    Daemonization& operator=(const Daemonization&) = delete;

    /// The process is up: the caller ends with status 0, and the standard streams go to /dev/null.
    void ready();

    /// The process did not come up, and the caller is to end with this status. Does nothing after ready().
    void failed(int status) noexcept;

private:
    /// The end of the pipe to the caller; -1 once reported.
    int _caller = -1;
};

}  // namespace changebank::daemon
