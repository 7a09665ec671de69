#include "changebank/base/system/DeadlineSocket.h"

#include <Poco/Exception.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SecureStreamSocket.h>

#include <boost/test/unit_test.hpp>
#include <thread>

#include "tests/support/TestCertificate.h"

using namespace changebank;
using changebank::tests::TestCertificate;
using namespace std::chrono_literals;

namespace {

using Poco::Net::Context;

Context::Ptr serverContext(const TestCertificate& certificate) {
    return new Context(Context::TLS_SERVER_USE, certificate.keyFile(), certificate.certificateFile(), "",
                       Context::VERIFY_NONE);
}

Context::Ptr clientContext(const TestCertificate& certificate) {
    return new Context(Context::TLS_CLIENT_USE, certificate.certificateFile(), Context::VERIFY_STRICT, 9,
                       false);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DeadlineSocketTest)

BOOST_AUTO_TEST_CASE(overTlsADeadlineEndsTheReceivingOfWhatHasComeAlready) {
    const TestCertificate certificate;
    Poco::Net::SecureServerSocket listener(Poco::Net::SocketAddress("127.0.0.1", 0), 8,
                                           serverContext(certificate));
    const std::jthread server([&listener] {
        try {
            auto connection = listener.acceptConnection();
            connection.sendBytes("ab", 2);
            char ignored = 0;
            connection.receiveBytes(&ignored, 1);
        } catch (const Poco::Exception&) {
            // The client goes without a word.
        }
    });

    const auto deadline = std::chrono::steady_clock::now() + 2s;
    auto context = clientContext(certificate);
    DeadlineSocket socket("127.0.0.1", listener.address().port(), deadline);
    socket.startTls(*context, "127.0.0.1");
    char octet = 0;
    BOOST_TEST(socket.receive(&octet, 1) == 1U);
    std::this_thread::sleep_until(deadline);
    BOOST_CHECK_THROW(socket.receive(&octet, 1), Poco::TimeoutException);
}

BOOST_AUTO_TEST_SUITE_END()
