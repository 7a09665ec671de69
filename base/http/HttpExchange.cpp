#include "changebank/base/http/HttpExchange.h"

#include <Poco/Exception.h>
#include <Poco/String.h>
#include <Poco/URI.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <string_view>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/system/LoopbackHost.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Trimmed.h"

namespace changebank {

namespace {

using Failure = HttpClient::Failure;

/// libcurl's one-time set-up, which also sets OpenSSL up. Never undone: a thread of libcurl may still wait
/// for the system's resolver when the process ends.
bool initializeLibrary() {
    static const bool isInitialized = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return isInitialized;
}

/// The place in a TLS context where an exchange is found.
int exchangeIndex() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

}  // namespace

HttpExchange::HttpExchange(const HttpClient::Options& options, X509_STORE& authorities,
                           const HttpClient::Request& request, std::chrono::milliseconds timeout,
                           const std::stop_token& stopping)
    : _options(options),
      _authorities(authorities),
      _timeout(std::clamp<std::chrono::milliseconds>(timeout, std::chrono::milliseconds(1),
                                                     std::chrono::hours(24))),
      _deadline(std::chrono::steady_clock::now() + _timeout),
      _stopping(stopping) {
    if (!initializeLibrary()) return;
    _multi.reset(curl_multi_init());
    _easy.reset(curl_easy_init());
    if (!_multi || !_easy) return;
    set(CURLOPT_ERRORBUFFER, _error.data());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(_timeout.count()));
    // The system's resolver has no deadline: a look-up that takes longer is left to its thread.
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_HEADERFUNCTION, receiveField);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_WRITEFUNCTION, receiveBody);
    set(CURLOPT_WRITEDATA, this);
    setRequest(request);
    setProxy(request.url, options.proxy);
    setTls();
}

void HttpExchange::setRequest(const HttpClient::Request& request) {
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    if (request.connectTimeout.count() > 0)
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connectTimeout.count()));
    if (request.body) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
        set(CURLOPT_POSTFIELDS, request.body->c_str());
    }
    const auto add = [this](const std::string& line) {
        auto* longer = curl_slist_append(_fields.get(), line.c_str());
        if (!longer) {
            _isSetUp = false;
            return;
        }
        static_cast<void>(_fields.release());
        _fields.reset(longer);
    };
    add("Accept-Encoding: identity");
    // Without a value, libcurl leaves out the field that it would send by itself.
    add("Expect:");
    for (const auto& [name, value] : request.fields)
        add(value.empty() ? name + ";" : name + ": " + value);
    set(CURLOPT_HTTPHEADER, _fields.get());
}

void HttpExchange::setProxy(const std::string& url, const std::string& proxy) {
    std::string scheme;
    std::string host;
    try {
        const Poco::URI uri(url);
        scheme = uri.getScheme();
        host = uri.getHost();
    } catch (const Poco::Exception&) {
        return;  // libcurl says what is wrong with the URL.
    }
    // Plain http is trusted to loopback because it does not leave the machine.
    if (isLoopbackHost(host)) {
        set(CURLOPT_NOPROXY, "*");
    } else if (!proxy.empty()) {
        set(CURLOPT_PROXY, proxy.c_str());
        set(CURLOPT_NOPROXY, "");
    } else if (scheme == "http" && !std::getenv("http_proxy")) {
        // libcurl does not read this one, which a CGI program's caller can set; we are none.
        if (const auto* upperCase = std::getenv("HTTP_PROXY")) set(CURLOPT_PROXY, upperCase);
    }
}

void HttpExchange::setTls() {
    for (const auto option : {CURLOPT_SSLVERSION, CURLOPT_PROXY_SSLVERSION})
        set(option, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    for (const auto option : {CURLOPT_SSL_VERIFYPEER, CURLOPT_PROXY_SSL_VERIFYPEER})
        set(option, 1L);
    for (const auto option : {CURLOPT_SSL_VERIFYHOST, CURLOPT_PROXY_SSL_VERIFYHOST})
        set(option, 2L);
    // prepareTls() sets the authorities.
    for (const auto option : {CURLOPT_CAINFO, CURLOPT_CAPATH, CURLOPT_PROXY_CAINFO, CURLOPT_PROXY_CAPATH})
        set(option, static_cast<const char*>(nullptr));
    set(CURLOPT_SSL_CTX_FUNCTION, prepareTls);
    set(CURLOPT_SSL_CTX_DATA, this);
}

HttpClient::Result HttpExchange::run() {
    const ErrorQueueCleaner cleaner;
    if (!_multi || !_easy || !_isSetUp)
        return Failure{Failure::Kind::unreachable, "libcurl cannot be set up"};
    const auto code = transfer().value_or(CURLE_OPERATION_TIMEDOUT);
    return code == CURLE_OK ? response() : failure(code);
}

std::optional<CURLcode> HttpExchange::transfer() {
    if (curl_multi_add_handle(_multi.get(), _easy.get()) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
    const std::stop_callback wake(_stopping, [this] { curl_multi_wakeup(_multi.get()); });
    while (!isOver()) {
        int running = 0;
        if (curl_multi_perform(_multi.get(), &running) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
        int left = 0;
        if (const auto* message = curl_multi_info_read(_multi.get(), &left)) return message->data.result;
        // libcurl 7.88 sets no timer when it gives up an address and has another one to try.
        constexpr std::chrono::milliseconds longestWait(200);
        const auto rest =
            std::chrono::ceil<std::chrono::milliseconds>(_deadline - std::chrono::steady_clock::now());
        const auto wait = std::clamp(rest, std::chrono::milliseconds(0), longestWait);
        curl_multi_poll(_multi.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr);
    }
    return std::nullopt;
}

bool HttpExchange::isOver() const {
    return _stopping.stop_requested() || std::chrono::steady_clock::now() >= _deadline;
}

HttpClient::Result HttpExchange::response() {
    if (!_isHeadComplete) return Failure{Failure::Kind::unreachable, "the response is cut off"};
    const auto coding = _response.fields.get("Content-Encoding", "identity");
    if (Poco::icompare(coding, "identity") != 0) {
        return Failure{Failure::Kind::unreachable, "the response has the content coding " + inQuotes(coding) +
                                                       ", which nobody asked for"};
    }
    _response.status = static_cast<int>(get<long>(CURLINFO_RESPONSE_CODE));
    return std::move(_response);
}

HttpClient::Failure HttpExchange::failure(CURLcode code) const {
    if (_stopping.stop_requested()) return {Failure::Kind::stopped, "stopped"};
    if (code == CURLE_OPERATION_TIMEDOUT || isOver()) {
        return {Failure::Kind::timedOut, "no response within " + std::to_string(_timeout.count()) +
                                             " ms: " + std::string(missingStep())};
    }
    return {Failure::Kind::unreachable, oneLine(describe(code))};
}

std::string HttpExchange::describe(CURLcode code) const {
    const std::string said = _error.front() != '\0' ? _error.data() : curl_easy_strerror(code);
    switch (code) {
        case CURLE_COULDNT_CONNECT: {
            const auto error = static_cast<int>(get<long>(CURLINFO_OS_ERRNO));
            return error == 0 ? said : said + ": " + errnoText(error);
        }
        case CURLE_SSL_CONNECT_ERROR:
            return "the TLS handshake failed: " + said;
        case CURLE_PEER_FAILED_VERIFICATION:
            return "the certificate is refused: " + said;
        case CURLE_WRITE_ERROR:
            return _fieldsSize > HttpClient::maxFieldsSize
                       ? "the fields of the response are larger than " +
                             std::to_string(HttpClient::maxFieldsSize) + " bytes"
                       : "the response is larger than " + std::to_string(_options.maxBodySize) + " bytes";
        case CURLE_PARTIAL_FILE:
            return "the response is cut off: " + said;
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
            return "the response is not HTTP: " + said;
        default:
            return said;
    }
}

std::string_view HttpExchange::missingStep() const {
    if (get<curl_off_t>(CURLINFO_NAMELOOKUP_TIME_T) == 0) return "the name is not resolved";
    if (get<curl_off_t>(CURLINFO_CONNECT_TIME_T) == 0) return "not connected";
    if (get<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) == 0) return "the TLS handshake is not complete";
    return _isHeadComplete ? "the body is not complete" : "the server does not answer";
}

std::size_t HttpExchange::receiveField(const char* line, std::size_t, std::size_t size, void* exchange) {
    auto& self = *static_cast<HttpExchange*>(exchange);
    self._fieldsSize += size;
    if (self._fieldsSize > HttpClient::maxFieldsSize) return 0;
    const auto text = trimmed({line, size}, "\r\n");
    constexpr std::string_view statusLine = "HTTP/";
    const auto colon = text.find(':');
    if (text.substr(0, statusLine.size()) == statusLine) {
        // Another one follows each informational response.
        self._response.fields.clear();
        self._isHeadComplete = false;
    } else if (text.empty()) {
        self._isHeadComplete = true;
    } else if (!self._isHeadComplete && colon != std::string_view::npos) {
        try {
            self._response.fields.add(std::string(text.substr(0, colon)),
                                      std::string(trimmed(text.substr(colon + 1))));
        } catch (const std::bad_alloc&) {
            return 0;
        }
    }
    return size;
}

std::size_t HttpExchange::receiveBody(const char* part, std::size_t, std::size_t size, void* exchange) {
    auto& self = *static_cast<HttpExchange*>(exchange);
    auto& body = self._response.body;
    if (size > self._options.maxBodySize - body.size()) return 0;
    try {
        body.append(part, size);
    } catch (const std::bad_alloc&) {
        // No exception may pass through libcurl.
        return 0;
    }
    return size;
}

CURLcode HttpExchange::prepareTls(CURL*, void* context, void* exchange) {
    auto* tls = static_cast<SSL_CTX*>(context);
    SSL_CTX_set1_cert_store(tls, &static_cast<HttpExchange*>(exchange)->_authorities);
    if (SSL_CTX_set_ex_data(tls, exchangeIndex(), exchange) != 1) return CURLE_OUT_OF_MEMORY;
    SSL_CTX_set_info_callback(tls, watchConnection);
    return CURLE_OK;
}

void HttpExchange::watchConnection(const SSL* tls, int where, int) {
    if ((where & SSL_CB_HANDSHAKE_START) == 0) return;
    auto* connection = SSL_get_rbio(tls);
    BIO_set_callback_arg(connection,
                         static_cast<char*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), exchangeIndex())));
    BIO_set_callback_ex(connection, onConnectionUse);
}

// OpenSSL handles records without data, such as key updates (RFC 8446 section 4.6.3), within one call for as
// long as there are any, so libcurl does not get to look at its clock.
long HttpExchange::onConnectionUse(BIO* connection, int operation, const char*, std::size_t, int, long,
                                   int result, std::size_t*) {
    const auto* exchange = reinterpret_cast<const HttpExchange*>(BIO_get_callback_arg(connection));
    return operation == BIO_CB_READ && exchange->isOver() ? -1 : result;
}

}  // namespace changebank
