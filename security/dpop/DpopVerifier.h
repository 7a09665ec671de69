#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/base/system/Clock.h"
#include "changebank/security/dpop/DpopNonces.h"
#include "changebank/security/dpop/DpopProof.h"
#include "changebank/security/dpop/ReplayStore.h"
#include "changebank/security/dpop/SharedUse.h"
#include "changebank/security/jose/Algorithm.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/Confirmation.h"

namespace changebank::security {

/// Which proofs are accepted.
struct DpopPolicy {
    AlgorithmSet algorithms{Algorithm::es256, Algorithm::es384, Algorithm::ed25519, Algorithm::rs256,
                            Algorithm::ps256};
    /// How long ago a proof may have been made; above zero.
    std::chrono::seconds maxAge{60};
    /// Allowed clock skew; not negative.
    std::chrono::seconds leeway{15};
};

/// Checks that the sender of a DPoP-bound token holds the key that the token is bound to (RFC 9449 section
/// 4.3). Usable from any thread.
class DpopVerifier {
public:
    /// `replays` must not be nullptr, and belongs to all verifiers of one service, whatever their settings.
    /// `nonces` may be nullptr: then proofs need no nonce. The clock must outlive the verifier. With a store
    /// in `sharing`, proofs that were used at other servers are replays, too.
    DpopVerifier(DpopPolicy policy, std::shared_ptr<ReplayStore> replays,
                 std::shared_ptr<const DpopNonces> nonces = nullptr, Clock& clock = Clock::system(),
                 ReplaySharing sharing = {});

    struct Request {
        /// The value of the header field DPoP.
        std::string_view proof;
        /// The request's method and URI, the latter in the form of targetUri().
        std::string_view method;
        std::string_view uri;
        /// The access token as it was sent.
        std::string_view token;
        /// Whose proofs are counted together; empty: those of the key.
        std::string_view caller{};
    };

    /// The proof is good, and used now.
    struct Verified {
        /// The nonce for the client's next proofs; empty if it has a good one or needs none.
        std::string nextNonce;
        /// With a store in ReplaySharing: the proof is good only if this says so as well.
        std::optional<SharedUse> sharedUse{};
    };

    /// Checks in the order of costs: the form, the key (Cause::dpopKeyMismatch), iat, htm, htu, ath, the
    /// signature, the nonce (dpopNonceMissing, with a nonce), and at last notes the use (dpopReplayed,
    /// dpopTooMany, dpopStoreFull). So nothing is noted of a proof that is refused. Never waits; takes as
    /// long as verifying a signature.
    std::variant<Verified, Refusal> verify(const Request& request, const Confirmation& confirmation) const;

private:
    std::optional<Refusal> checkSignature(const DpopProof& proof, const Confirmation& confirmation) const;
    std::optional<Refusal> noteUse(const ReplayStore::Use& use, double now) const;
    std::optional<SharedUse> sharedUse(const ReplayStore::Use& use, double now) const;

    DpopPolicy _policy;
    std::shared_ptr<ReplayStore> _replays;
    std::shared_ptr<const DpopNonces> _nonces;
    Clock& _clock;
    ReplaySharing _sharing;
};

}  // namespace changebank::security
