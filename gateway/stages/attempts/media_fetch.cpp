// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/media_fetch.h"

#include "gateway/config/duration.h"
#include "gateway/core/text.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/providers/web_url.h"
#include "gateway/wire/media_type.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace gateway::stages {

using pipeline::Task;
using pipeline::UpstreamBytes;
using providers::WebUrl;

namespace {

constexpr int mostRedirects = 3;
constexpr int connections = 64;            // of all workers, to whatever places
constexpr std::size_t largestHead = 64 * 1024;
constexpr std::size_t base64Of3Bytes = 4;  // requests hold what was fetched as base64

pipeline::UpstreamAddress addressOf(const WebUrl &url, const pipeline::CompiledConfig &config)
{
    pipeline::UpstreamAddress address;
    address.pool = "media"; // one for all places: it bounds them, and no connection is ever left in it
    address.host = url.host;
    address.authority = url.authority;
    address.port = url.port;
    address.tls = url.tls;
    address.proxy = config.gateway.proxy;
    address.checkedTunnel = true;
    address.maxConnections = connections;
    address.allowPrivate = false;
    address.privateNetworks = config.mediaNetworks;
    return address;
}

std::string headOf(const WebUrl &url)
{
    return fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: Signalbox/" SIGNALBOX_VERSION "\r\nAccept: image/*,application/pdf,text/*,audio/*,*/*;q=0.1\r\n"
                       "Accept-Encoding: identity\r\nConnection: close\r\n\r\n",
                       url.target, url.authority);
}

/// Why an address could not be fetched, for its caller: what it says of the gateway's own network is left out.
std::string reasonOf(const Error &error, const pipeline::CompiledConfig &config)
{
    switch (error.code) {
    case ErrorCode::Dns: return "its host's name has no address";
    case ErrorCode::Connect: return error.where == pipeline::privatePlace ? "its host is at a private address, from which nothing is fetched" : "its host cannot be reached";
    case ErrorCode::Tls: return fmt::format("TLS failed: {}", error.message);
    case ErrorCode::AnswerTooLarge: return fmt::format("it is larger than {} bytes (gateway.media.max_size)", config.gateway.media.maxSize);
    case ErrorCode::ConnectTimeout:
    case ErrorCode::IdleTimeout:
    case ErrorCode::FirstByteTimeout:
    case ErrorCode::TotalTimeout: return fmt::format("it was not there within {} (gateway.media.timeout)", config::durationText(config.gateway.media.timeout));
    default: return "its host's answer is not whole";
    }
}

/// What one request brought: bytes, or the way to another address.
struct Page
{
    std::optional<std::string> location {};
    std::string bytes {};
    std::string type {};
};

/// What is surely nothing that a model takes need not be read; where the server does not know, the bytes will tell.
bool mayBeMedia(std::string_view type)
{
    const std::string plain = wire::plainMediaType(type);
    return !plain.starts_with("video/") && plain != "text/html" && !plain.starts_with("multipart/");
}

/// What the head already says.
Result<Page> readHead(const pipeline::UpstreamHead &head)
{
    Page page;
    const bool moved = head.status == 301 || head.status == 302 || head.status == 303 || head.status == 307 || head.status == 308;
    if (const auto location = findHeader(head.headers, "location"); moved && location) {
        page.location = *location;
        return page;
    }
    if (head.status != 200)
        return fail(ErrorCode::BadRequest, fmt::format("its host answered with status {}", head.status));
    const auto coding = findHeader(head.headers, "content-encoding");
    if (coding && !equalsIgnoringCase(*coding, "identity"))
        return fail(ErrorCode::BadRequest, "it came compressed, which was not asked for");
    page.type = findHeader(head.headers, "content-type").value_or("");
    if (!mayBeMedia(page.type))
        return fail(ErrorCode::BadRequest, fmt::format("it is of the type {}, which no model takes", toValidUtf8(truncatedUtf8(wire::plainMediaType(page.type), 60))));
    return page;
}

class Fetch
{
public:
    Fetch(pipeline::Upstream &upstream, FetchAllowance &allowance, pipeline::CancelSource &cancel) : m_upstream(upstream), m_allowance(allowance), m_cancel(cancel) {}

    /// @return BadRequest with the reason alone
    Task<Result<Page>> request(const WebUrl &url)
    {
        const pipeline::UpstreamAddress address = addressOf(url, m_allowance.config);
        pipeline::UpstreamRequest request {.address = &address, .head = PooledText(headOf(url)), .body = {}, .limits = limits(), .ownConnection = true};
        auto call = co_await m_upstream.start(std::move(request), m_cancel);
        if (!call)
            co_return why(call.error());
        const Result<bool> there = co_await (*call)->readHead(pipeline::never);
        if (!there)
            co_return why(there.error());
        Result<Page> page = readHead((*call)->head());
        while (page && !page->location) {
            const Result<UpstreamBytes> bytes = co_await (*call)->read(pipeline::never);
            if (!bytes)
                co_return why(bytes.error());
            if (bytes->kind == UpstreamBytes::Kind::End)
                break;
            if (!take(bytes->data.size()))
                page = fail(ErrorCode::BadRequest, fmt::format("the request and all that it names are together larger than {} bytes (gateway.max_body)", m_allowance.config.gateway.maxBody));
            else
                page->bytes.append(bytes->data);
        }
        co_return page;
    }

private:
    [[nodiscard]] pipeline::UpstreamLimits limits() const
    {
        const config::GatewaySettings &gateway = m_allowance.config.gateway;
        return {.connect = gateway.timeouts.connect.value_or(gateway.media.timeout),
                .idle = gateway.media.timeout,
                .deadline = m_allowance.deadline,
                .maxHead = largestHead,
                .maxBody = static_cast<std::size_t>(gateway.media.maxSize)};
    }

    [[nodiscard]] bool take(std::size_t count)
    {
        const std::size_t kept = (count + 2) / 3 * base64Of3Bytes;
        if (kept > m_allowance.bytes)
            return false;
        m_allowance.bytes -= kept;
        return true;
    }

    [[nodiscard]] std::unexpected<Error> why(const Error &error) const
    {
        if (error.code == ErrorCode::Cancelled || error.code == ErrorCode::Busy)
            return std::unexpected(error);
        return fail(ErrorCode::BadRequest, reasonOf(error, m_allowance.config));
    }

    pipeline::Upstream &m_upstream;
    FetchAllowance &m_allowance;
    pipeline::CancelSource &m_cancel;
};

/// @param last  where the last redirect led; empty: there was none
std::unexpected<Error> notFetched(std::string_view shown, std::string_view last, const Error &error)
{
    if (error.code != ErrorCode::BadRequest && error.code != ErrorCode::Invalid)
        return std::unexpected(error);
    const std::string by = last.empty() ? std::string() : fmt::format(" (which leads to {})", last);
    return fail(ErrorCode::BadRequest, fmt::format("{}{} could not be fetched: {}.", shown, by, error.message));
}

std::unexpected<Error> badAddress(std::string_view url, const Error &error)
{
    return fail(ErrorCode::BadRequest, fmt::format("{} could not be fetched: it {}.", providers::shownUrl(url), error.message));
}

} // namespace

Task<Result<wire::FetchedMedia>> fetchMedia(pipeline::Upstream &upstream, std::string url, FetchAllowance &allowance, pipeline::CancelSource &cancel)
{
    Result<WebUrl> at = providers::parseWebUrl(url);
    if (!at)
        co_return badAddress(url, at.error());
    const std::string shown = at->shown();
    std::string last;
    Fetch fetch(upstream, allowance, cancel);
    for (int redirects = 0;; ++redirects) {
        Result<Page> page = co_await fetch.request(*at);
        if (!page)
            co_return notFetched(shown, last, page.error());
        if (!page->location) {
            Result<wire::FetchedMedia> media = wire::fetchedMedia(std::move(url), page->bytes, page->type);
            if (!media)
                co_return notFetched(shown, last, {.code = ErrorCode::BadRequest, .message = fmt::format("it {}", media.error().message)});
            co_return media;
        }
        at = providers::resolveUrl(*at, *page->location);
        if (!at)
            co_return notFetched(shown, {}, {.code = ErrorCode::BadRequest, .message = fmt::format("where it leads {}", at.error().message)});
        last = at->shown();
        if (redirects == mostRedirects)
            co_return notFetched(shown, last, {.code = ErrorCode::BadRequest, .message = fmt::format("it is more than {} redirects away", mostRedirects)});
    }
}

} // namespace gateway::stages
