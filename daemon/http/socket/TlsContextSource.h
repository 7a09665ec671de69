#pragma once

#include <Poco/Net/Context.h>

#include <memory>
#include <mutex>

namespace changebank::http {

/// Provides the TLS context for each new connection. Usable from any thread.
class TlsContextSource {
public:
    using Ptr = std::shared_ptr<TlsContextSource>;

    virtual ~TlsContextSource() = default;

    /// The context for a new connection; never null. The connection keeps it alive.
    virtual Poco::Net::Context::Ptr current() const = 0;
};

/// A source whose context can be replaced; existing connections keep theirs.
class ReplaceableTlsContext : public TlsContextSource {
public:
    /// Throws Poco::InvalidArgumentException if the context is null.
    explicit ReplaceableTlsContext(Poco::Net::Context::Ptr context);

    Poco::Net::Context::Ptr current() const override;

    /// Throws like the constructor.
    void replace(Poco::Net::Context::Ptr context);

private:
    mutable std::mutex _mutex;
    Poco::Net::Context::Ptr _context;
};

}  // namespace changebank::http
