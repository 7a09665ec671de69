#pragma once

#include "changebank/handlers/decision/RequestConvention.h"
#include "changebank/handlers/routing/CarriedRequest.h"

namespace changebank::handlers {

/// The request that a proxy asks about: its method, target and host, and the fields of the proxy's own
/// request but those of the convention. It has no body. The client, the response and the notes for the log
/// are those of the proxy's request. A client certificate is the proxy's, not that of its client, so there is
/// none.
class ForwardedRequest : public CarriedRequest {
public:
    /// `outer` must outlive this.
    ForwardedRequest(const Poco::Net::HTTPServerRequest& outer, const ReceivedRequest& received);

    /// The number of the rule that decides; 0: none. A note as well.
    void noteRule(unsigned number) const { _rule = number; }
    unsigned rule() const { return _rule; }

private:
    mutable unsigned _rule = 0;
};

}  // namespace changebank::handlers
