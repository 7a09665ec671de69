#include "changebank/daemon/settings/files/SigningKeyFile.h"

#include <cstddef>
#include <utility>

#include "changebank/base/text/ByteOrderMark.h"
#include "changebank/daemon/settings/files/SecretFile.h"

namespace changebank::daemon {

using security::TokenSigner;

std::variant<std::shared_ptr<const TokenSigner>, BadSigningKey> readSigningKey(const std::string& path) {
    constexpr std::size_t maxSize = std::size_t{16} * 1024;
    auto content = readGuardedFile(path, maxSize);
    if (auto* bad = std::get_if<BadSecret>(&content)) return BadSigningKey{std::move(bad->why)};
    auto signer = TokenSigner::fromPem(withoutByteOrderMark(std::get<std::string>(content)));
    if (auto* bad = std::get_if<TokenSigner::Unusable>(&signer)) return BadSigningKey{std::move(bad->why)};
    return std::make_shared<const TokenSigner>(std::get<TokenSigner>(std::move(signer)));
}

}  // namespace changebank::daemon
