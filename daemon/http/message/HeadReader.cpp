#include "changebank/daemon/http/message/HeadReader.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/ListMember.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/daemon/http/message/FieldSyntax.h"
#include "changebank/daemon/http/message/RequestTarget.h"

namespace changebank::http {

namespace {

constexpr std::size_t versionLength = 8;

/// The next line without CRLF; empty if there is none.
std::string_view takeLine(std::string_view& head) {
    const auto line = head.substr(0, head.find('\r'));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    return line;
}

/// Path and query of an absolute form. One without either means the server as a whole where the method is
/// OPTIONS (RFC 9110 section 7.1).
std::string inOriginForm(const RequestTarget& target, std::string_view method) {
    if (!target.path.empty()) return std::string(target.path).append(target.query);
    return target.query.empty() && method == "OPTIONS" ? "*" : std::string("/").append(target.query);
}

}  // namespace

HeadReader::HeadReader(ServerRequest& request, std::vector<Field>& fields, std::size_t maxFields)
    : _request(request), _fields(fields), _maxFields(maxFields) {
    _fields.clear();
}

bool HeadReader::read(std::string_view head) {
    if (!readRequestLine(takeLine(head))) return false;
    for (auto line = takeLine(head); !line.empty(); line = takeLine(head)) {
        if (!readField(line)) return false;
    }
    if (!isWhole()) return false;
    _request.setFields(_fields);
    return true;
}

void HeadReader::readFields(std::string_view head) {
    _fields.clear();
    takeLine(head);
    while (_fields.size() < _maxFields && head.find('\r') != std::string_view::npos) {
        const auto line = takeLine(head);
        const auto colon = std::min(line.find(':'), line.size());
        const Field field{line.substr(0, colon), trimmed(line.substr(std::min(colon + 1, line.size())))};
        if (isToken(field.name) && isFieldValue(field.value)) _fields.push_back(field);
    }
    _request.setFields(_fields);
}

/// RFC 9112 section 3: method SP request-target SP HTTP-version.
bool HeadReader::readRequestLine(std::string_view line) {
    const auto method = line.substr(0, line.find(' '));
    if (line.size() < method.size() + versionLength + 2) return fail(Status::HTTP_BAD_REQUEST);
    const auto version = line.substr(line.size() - versionLength);
    const auto targetEnd = line.size() - versionLength - 1;
    if (!isToken(method) || line[targetEnd] != ' ') return fail(Status::HTTP_BAD_REQUEST);
    return readVersion(version) &&
           readTarget(method, line.substr(method.size() + 1, targetEnd - method.size() - 1));
}

/// RFC 9112 section 2.3. A later minor version is served as the latest known one (RFC 9110 section 2.5).
bool HeadReader::readVersion(std::string_view version) {
    if (version.substr(0, 5) != "HTTP/" || version[6] != '.' || !isDigit(version[5]) || !isDigit(version[7]))
        return fail(Status::HTTP_BAD_REQUEST);
    if (version[5] != '1') return fail(Status::HTTP_VERSION_NOT_SUPPORTED);
    _isHttp10 = version[7] == '0';
    _request.setVersion(_isHttp10 ? ServerRequest::HTTP_1_0 : ServerRequest::HTTP_1_1);
    return true;
}

bool HeadReader::readTarget(std::string_view method, std::string_view text) {
    const auto target = RequestTarget::parse(method, text);
    if (!target) return fail(Status::HTTP_BAD_REQUEST);
    if (target->form == RequestTarget::Form::Authority) return fail(Status::HTTP_NOT_IMPLEMENTED);
    // RFC 9110 section 7.4: reject an https target on a connection without TLS.
    if (target->isHttps && !_request.secure()) return fail(Status::HTTP_MISDIRECTED_REQUEST);
    if (target->form == RequestTarget::Form::Absolute) {
        _hasTargetAuthority = true;
        _fields.push_back({"Host", target->authority});
        const auto originForm = inOriginForm(*target, method);
        const auto queryLength = target->query.size();
        _request.setLine(method, originForm, originForm.size() - queryLength);
    } else {
        _request.setLine(method, text, target->path.size());
    }
    return true;
}

/// RFC 9112 section 5: field-name ":" OWS field-value OWS.
bool HeadReader::readField(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return fail(Status::HTTP_BAD_REQUEST);
    const Field field{line.substr(0, colon), trimmed(line.substr(colon + 1))};
    if (!isToken(field.name) || !isFieldValue(field.value)) return fail(Status::HTTP_BAD_REQUEST);
    if (++_lines > _maxFields) return fail(Status::HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE);
    if (!readMeaning(field)) return false;
    const bool isReplaced = _hasTargetAuthority && isSameName(field.name, "Host");
    if (!isReplaced) _fields.push_back(field);
    return true;
}

/// Handles the fields for routing and framing.
bool HeadReader::readMeaning(const Field& field) {
    const auto is = [&field](std::string_view name) { return isSameName(field.name, name); };
    if (is("Host")) return readHost(field.value);
    if (is("Content-Length")) return readLength(field.value);
    if (is("Transfer-Encoding")) return readCoding(field.value);
    if (is("Connection")) return readOptions(field.value);
    if (is("Expect")) return readExpectation(field.value);
    return true;
}

bool HeadReader::readHost(std::string_view value) {
    if (++_hosts > 1 || !isHostAndPort(value)) return fail(Status::HTTP_BAD_REQUEST);
    return true;
}

bool HeadReader::readLength(std::string_view value) {
    const auto* last = value.data() + value.size();
    const auto [end, error] = std::from_chars(value.data(), last, _contentLength);
    if (++_lengths > 1 || error != std::errc() || end != last) return fail(Status::HTTP_BAD_REQUEST);
    return true;
}

/// RFC 9112 section 6.1: chunked is the only known coding, and must be the last.
bool HeadReader::readCoding(std::string_view value) {
    if (_isHttp10 || ++_codings > 1 || _lengths != 0) return fail(Status::HTTP_BAD_REQUEST);
    if (isSameName(value, "chunked")) return true;
    const auto last = trimmed(value.substr(value.rfind(',') + 1));
    int times = 0;
    while (!value.empty()) {
        const auto coding = takeMember(value);
        if (!coding.empty() && !isToken(coding)) return fail(Status::HTTP_BAD_REQUEST);
        if (isSameName(coding, "chunked")) ++times;
    }
    return fail(isSameName(last, "chunked") && times == 1 ? Status::HTTP_NOT_IMPLEMENTED
                                                          : Status::HTTP_BAD_REQUEST);
}

/// RFC 9110 section 7.6.1.
bool HeadReader::readOptions(std::string_view value) {
    while (!value.empty()) {
        const auto option = takeMember(value);
        if (!option.empty() && !isToken(option)) return fail(Status::HTTP_BAD_REQUEST);
        _close = _close || isSameName(option, "close");
        _keepAlive = _keepAlive || isSameName(option, "keep-alive");
    }
    return true;
}

bool HeadReader::readExpectation(std::string_view value) {
    if (!isSameName(value, "100-continue")) return fail(Status::HTTP_EXPECTATION_FAILED);
    _expectsContinue = true;
    return true;
}

bool HeadReader::isWhole() {
    if (_lengths != 0 && _codings != 0) return fail(Status::HTTP_BAD_REQUEST);
    if (_hosts == 0 && !_isHttp10) return fail(Status::HTTP_BAD_REQUEST);
    return true;
}

bool HeadReader::fail(Status status) {
    _parseError = status;
    return false;
}

}  // namespace changebank::http
