// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/error.h"
#include "gateway/core/loss.h"
#include "gateway/providers/provider_table.h"
#include "gateway/wire/body_splice.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/json_members.h"
#include "gateway/wire/request_scan.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::providers {

/// What a target does to a request, from its configuration. Views and spans must outlive the encoding only.
struct TargetOptions
{
    std::string_view model;                          ///< the provider's name for it
    std::span<const wire::JsonMember> override_ {};  ///< always set
    std::span<const wire::JsonMember> defaults {};   ///< set where absent or null
    std::span<const std::string> drop {};
    config::Unsupported unsupported = config::Unsupported::Drop;
    bool modelInBody = true;                         ///< false: the path names it
    const std::set<std::string, std::less<>> *foreignSeals = nullptr; ///< other providers' seals in the history: what Responses passes loses their items
    std::string_view openMark {};                    ///< set to true in the last message, which is to be gone on with (prefix.h); empty: nothing
};

/// A request's body as the provider takes it.
struct EncodedRequest
{
    wire::SplicedBody body;
    std::vector<std::string> dropped {}; ///< parameters left out: x-signalbox-dropped
    std::vector<Loss> losses {};         ///< what translation could not say, with the reasons; among them those in `dropped`
    wire::DecoderMaker decoder {};       ///< of translated requests: makes what reads the answer
    std::unique_ptr<const std::string> made {}; ///< the body of another format, which `body` may be pieces of
    std::size_t calls = 1;               ///< that it takes, none of them a stream where that is more than one
    std::vector<std::string> otherBodies {}; ///< of the calls after the first; empty: each has `body`
};

/// Choices that several calls may be made for, where a provider gives one a call.
constexpr std::int64_t mostChoicesByCalls = 16;

/// Calls that it takes to get so many choices.
/// Errors: BadRequest on `n` where the provider gives too few.
Result<std::size_t> callsFor(const ProviderKind &kind, std::int64_t choices);

/// Encodes a scanned request for a provider (wire.md section 3). Where nothing but the model and stream_options differs,
/// the result is a splice of the caller's bytes; a DOM is built only for dialects that rewrite messages, and only where
/// this request needs it.
/// Bodies of other formats go the same way, where caller and provider speak the same: nothing is known of their members.
/// Errors: BadRequest with `where` for a parameter that the provider does not take, under Unsupported::Reject, and for
/// `n` as callsFor() says; NotSupported where the kind has no such endpoint.
Result<EncodedRequest> encodeRequest(const ProviderKind &kind, Endpoint endpoint, const wire::RequestScan &scan,
                                     const TargetOptions &target);

} // namespace gateway::providers
