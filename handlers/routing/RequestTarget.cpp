#include "changebank/handlers/routing/RequestTarget.h"

#include "changebank/base/handler/RequestContext.h"

namespace changebank::handlers {

namespace {

/// Removes scheme and authority from the absolute form.
std::string_view withoutAuthority(std::string_view target) {
    if (target.empty() || target.front() == '/') return target;
    const auto authority = target.find("://");
    if (authority == std::string_view::npos) return target;
    const auto path = target.find_first_of("/?", authority + 3);
    return path == std::string_view::npos ? "/" : target.substr(path);
}

}  // namespace

RequestTarget RequestTarget::of(const Poco::Net::HTTPServerRequest& request) {
    if (const auto* context = RequestContext::of(request)) return {context->path(), context->query()};
    return parse(request.getURI());
}

RequestTarget RequestTarget::parse(std::string_view target) {
    return split(withoutAuthority(target));
}

RequestTarget RequestTarget::split(std::string_view target) {
    const auto mark = target.find('?');
    if (mark == std::string_view::npos) return {target, {}};
    return {target.substr(0, mark), target.substr(mark + 1)};
}

std::string_view RequestTarget::loggablePath(std::string_view target) {
    return target.starts_with('/') ? target.substr(0, target.find_first_of("?#")) : std::string_view();
}

}  // namespace changebank::handlers
