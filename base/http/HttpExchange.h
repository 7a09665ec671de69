#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "changebank/base/http/HttpClient.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>

namespace changebank {

/// One request of an HttpClient and its response. Used once, on one thread. Everything that is passed to it
/// must outlive it.
class HttpExchange {
public:
    HttpExchange(const HttpClient::Options& options, X509_STORE& authorities,
                 const HttpClient::Request& request, std::chrono::milliseconds timeout,
                 const std::stop_token& stopping);
    ~HttpExchange() = default;
    HttpExchange(const HttpExchange&) = delete;
    HttpExchange& operator=(const HttpExchange&) = delete;

    /// See HttpClient::send().
    HttpClient::Result run();

private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        if (curl_easy_setopt(_easy.get(), option, value) != CURLE_OK) _isSetUp = false;
    }
    template <typename Value>
    Value get(CURLINFO info) const {
        Value value{};
        curl_easy_getinfo(_easy.get(), info, &value);
        return value;
    }
    void setRequest(const HttpClient::Request& request);
    void setProxy(const std::string& url, const std::string& proxy);
    void setTls();

    /// The result of libcurl, or std::nullopt if the deadline or a stop came first.
    std::optional<CURLcode> transfer();
    /// True after the deadline and after a stop.
    bool isOver() const;
    HttpClient::Result response();
    HttpClient::Failure failure(CURLcode code) const;
    std::string describe(CURLcode code) const;
    /// What was missing when time ran out.
    std::string_view missingStep() const;

    // Called by libcurl, with the exchange as the last argument.
    static std::size_t receiveField(const char* line, std::size_t one, std::size_t size, void* exchange);
    static std::size_t receiveBody(const char* part, std::size_t one, std::size_t size, void* exchange);
    static CURLcode prepareTls(CURL* easy, void* context, void* exchange);
    // Called by OpenSSL.
    static void watchConnection(const SSL* tls, int where, int result);
    static long onConnectionUse(BIO* connection, int operation, const char* data, std::size_t size,
                                int argument, long longArgument, int result, std::size_t* processed);

    template <auto Free>
    struct Deleter {
        template <typename Handle>
        void operator()(Handle* handle) const noexcept {
            Free(handle);
        }
    };

    const HttpClient::Options& _options;
    X509_STORE& _authorities;
    const std::chrono::milliseconds _timeout;
    const std::chrono::steady_clock::time_point _deadline;
    const std::stop_token& _stopping;
    HttpClient::Response _response;
    std::size_t _fieldsSize = 0;
    bool _isHeadComplete = false;
    bool _isSetUp = true;
    std::array<char, CURL_ERROR_SIZE> _error{};
    // libcurl uses what stands above, also while it closes its handles.
    std::unique_ptr<curl_slist, Deleter<curl_slist_free_all>> _fields;
    std::unique_ptr<CURLM, Deleter<curl_multi_cleanup>> _multi;
    std::unique_ptr<CURL, Deleter<curl_easy_cleanup>> _easy;
};

}  // namespace changebank
