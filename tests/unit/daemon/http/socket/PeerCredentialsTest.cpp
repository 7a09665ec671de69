#include "changebank/daemon/http/socket/PeerCredentials.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>

#include "changebank/base/system/FileDescriptor.h"

using namespace changebank;
using namespace changebank::http;

BOOST_AUTO_TEST_SUITE(PeerCredentialsTest)

BOOST_AUTO_TEST_CASE(AreThoseOfTheProcessThatConnected) {
    std::array<int, 2> ends{};
    BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    const changebank::FileDescriptor one(ends[0]);
    const changebank::FileDescriptor other(ends[1]);
    const auto peer = PeerCredentials::of(one.get());
    BOOST_REQUIRE(peer.has_value());
    BOOST_TEST(peer->process == ::getpid());
    BOOST_TEST(peer->user == ::geteuid());
    BOOST_TEST(peer->group == ::getegid());
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
    ::getgroups(static_cast<int>(groups.size()), groups.data());
    BOOST_TEST(std::is_permutation(groups.begin(), groups.end(), peer->groups.begin(), peer->groups.end()));
}

BOOST_AUTO_TEST_CASE(NobodySaysAnythingOfAFile) {
    BOOST_TEST(!PeerCredentials::of(0).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
