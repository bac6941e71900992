// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/header_view.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// AWS Signature Version 4 in headers (wire.md 10; AWS, "Create a signed AWS API request"). Pure functions: no clock of
/// their own, no I/O; thread-safe.
namespace gateway::providers {

struct AwsCredentials
{
    std::string_view accessKeyId;
    std::string_view secretAccessKey;
    std::string_view sessionToken {}; ///< of temporary credentials; empty: none
};

struct SigV4Scope
{
    std::string_view region;
    std::string_view service = "bedrock"; ///< also where the host says bedrock-runtime
};

/// A request exactly as it will be sent: what differs by a byte is another signature.
struct SigV4Request
{
    std::string_view method;
    std::string_view path;                   ///< encoded for the request line: "/model/us.amazon.nova-lite-v1%3A0/converse"
    std::string_view query {};               ///< without "?"
    std::span<const HeaderView> headers {};  ///< `host` among them; those that a hop may change are not signed
    std::string_view body {};
};

struct SigV4Options
{
    bool normalisePath = true;    ///< dot segments and doubled slashes go, for the signature alone
    bool pathAsSent = false;      ///< the path is signed as it is sent, not encoded once more: S3 alone wants it so
    bool contentHash = false;     ///< add x-amz-content-sha256, signed
    bool signSessionToken = true; ///< some services want the token added behind the signature
};

/// The request in the form that is hashed and signed, time and token among its headers.
std::string canonicalRequest(const SigV4Request &request, const AwsCredentials &credentials, WallTime now, const SigV4Options &options = {});

/// The headers to add: x-amz-date, x-amz-security-token and x-amz-content-sha256 where they are wanted, authorization.
/// Those among the request's own are not signed: to sign again for another try, replace them.
/// @param now  the provider's clock, as near as it is known: five minutes off are refused
std::vector<std::pair<std::string, std::string>> signSigV4(const SigV4Request &request, const AwsCredentials &credentials, const SigV4Scope &scope, WallTime now,
                                                           const SigV4Options &options = {});

/// Percent-encodes all but letters, digits and -._~ (RFC 3986, 2.3): for one segment of a path, a model's id above all.
std::string encodeSegment(std::string_view text);

} // namespace gateway::providers
