// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/aws_signer.h"

#include "gateway/core/header_view.h"
#include "gateway/core/text.h"
#include "gateway/providers/aws_sigv4.h"

#include <algorithm>
#include <cstddef>

namespace gateway::providers {
namespace {

bool isClean(std::string_view value)
{
    return std::ranges::all_of(value, [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string_view takeUntil(std::string_view &text, std::string_view mark)
{
    const std::size_t end = std::min(text.find(mark), text.size());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + mark.size(), text.size()));
    return taken;
}

} // namespace

Result<AwsSigner> AwsSigner::make(const config::Credential &credential, std::string_view region)
{
    AwsSigner signer;
    signer.m_region = region;
    signer.m_accessKeyId = credential.accessKeyId.value;
    signer.m_secretAccessKey = credential.secretAccessKey.value;
    signer.m_sessionToken = credential.sessionToken.value;
    if (signer.m_accessKeyId.empty() || signer.m_secretAccessKey.empty())
        return fail(ErrorCode::Invalid, "has no whole access key: both its id and its secret are needed");
    if (!isClean(signer.m_accessKeyId) || !isClean(signer.m_secretAccessKey) || !isClean(signer.m_sessionToken))
        return fail(ErrorCode::Invalid, "has an access key with a space, line end or control character in it");
    return signer;
}

std::string AwsSigner::lines(std::string_view head, std::span<const std::string_view> body, WallTime now) const
{
    SigV4Request request;
    request.method = takeUntil(head, " ");
    std::string_view target = takeUntil(head, " ");
    takeUntil(head, "\r\n"); // the protocol's version
    request.path = takeUntil(target, "?");
    request.query = target;
    std::vector<HeaderView> headers;
    for (std::string_view line = takeUntil(head, "\r\n"); !line.empty(); line = takeUntil(head, "\r\n")) {
        const std::string_view name = takeUntil(line, ":");
        headers.push_back({name, trimmed(line)});
    }
    request.headers = headers;
    std::string joined;
    if (body.size() > 1) {
        for (const std::string_view piece : body)
            joined += piece;
    }
    request.body = body.size() == 1 ? body.front() : std::string_view(joined);

    std::string out;
    const AwsCredentials credentials {.accessKeyId = m_accessKeyId, .secretAccessKey = m_secretAccessKey, .sessionToken = m_sessionToken};
    for (const auto &[name, value] : signSigV4(request, credentials, {.region = m_region}, now))
        out.append(name).append(": ").append(value).append("\r\n");
    return out;
}

} // namespace gateway::providers
