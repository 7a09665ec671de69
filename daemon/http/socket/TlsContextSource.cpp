#include "changebank/daemon/http/socket/TlsContextSource.h"

#include <Poco/Exception.h>

#include <utility>

namespace changebank::http {

ReplaceableTlsContext::ReplaceableTlsContext(Poco::Net::Context::Ptr context) {
    replace(std::move(context));
}

Poco::Net::Context::Ptr ReplaceableTlsContext::current() const {
    const std::lock_guard lock(_mutex);
    return _context;
}

void ReplaceableTlsContext::replace(Poco::Net::Context::Ptr context) {
    if (!context) throw Poco::InvalidArgumentException("a TLS listener needs a context");
    const std::lock_guard lock(_mutex);
    std::swap(_context, context);
}

}  // namespace changebank::http
