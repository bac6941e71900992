// SPDX-License-Identifier: GPL-3.0-or-later
// What headers, paths and addresses say. The input is read as one value, and as an answer's header lines.
#include "gateway/config/check.h"
#include "gateway/config/duration.h"
#include "gateway/net/forwarded.h"
#include "gateway/net/http_lines.h"
#include "gateway/providers/web_url.h"
#include "gateway/wire/path.h"
#include "gateway/wire/rate_limits.h"
#include "gateway/wire/retry_after.h"
#include "gateway/wire/upstream_error.h"
#include "tests/fuzz/pieces.h"

#include <vector>

using namespace gateway;
using fuzz::require;

namespace {

constexpr WallTime now {std::chrono::days {20'700}};

void wait(const std::optional<Duration> &asked)
{
    require(!asked || (*asked >= Duration::zero() && *asked <= std::chrono::days {30}), "a wait is between nothing and 30 days");
    if (asked)
        require(!wire::retryAfterSeconds(*asked).empty(), "a wait can be passed on");
}

template <typename Value, typename Parse, typename Text>
void roundTrip(const Result<Value> &value, Parse parse, Text text)
{
    if (!value) {
        require(!value.error().message.empty(), "a refusal has words");
        return;
    }
    const auto again = parse(text(*value));
    require(again && *again == *value, "what is read is written, and read as the same");
}

/// What may be asked for over the network, whatever somebody wrote.
void webAddress(const Result<providers::WebUrl> &url)
{
    if (!url) {
        require(!url.error().message.empty(), "a refusal has words");
        return;
    }
    require(!url->host.empty() && url->port != 0, "an address has a host and a port");
    require(url->target.starts_with('/'), "a target begins with a slash");
    for (const char c : url->target + url->authority)
        require(static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f, "nothing ends a request line");
    require(url->authority.find('@') == std::string::npos, "no user is sent");
    const auto again = providers::parseWebUrl((url->tls ? "https://" : "http://") + url->authority + url->target);
    require(again && again->authority == url->authority && again->target == url->target, "what is taken apart is put together");
}

void oneValue(const std::string &text)
{
    webAddress(providers::parseWebUrl(text));
    webAddress(providers::resolveUrl({.tls = true, .host = "a.example", .port = 443, .authority = "a.example", .target = "/b/c?d"}, text));
    require(providers::shownUrl(text).size() <= 1000, "what is shown is short");
    wait(wire::parseWait(text, now));
    roundTrip(config::parseDuration(text), config::parseDuration, config::durationText);
    roundTrip(config::parseSize(text), config::parseSize, config::sizeText);
    roundTrip(config::parseDate(text), config::parseDate, config::dateText);
    (void)config::parseListen(text);
    (void)config::isNetwork(text);
    (void)net::parseLength(text);
    (void)net::listHas(text, "chunked");
    const auto path = wire::matchPath("POST", text);
    require(path.kind != wire::PathKind::Call || path.endpoint != Endpoint::Other, "a call has an endpoint");
    const std::vector<std::string> ranges {"10.0.0.0/8", "::1", "fd00::/8", text};
    (void)net::inRanges("10.1.2.3", ranges);
    (void)net::inRanges(text, ranges);
}

void headerLines(std::string_view lines)
{
    std::vector<HeaderView> headers;
    if (net::parseFields(lines, headers) != nullptr)
        return;
    wait(wire::retryAfter(headers, now));
    (void)wire::shouldRetry(headers);
    (void)wire::readRateLimits(headers, now).known();
    const wire::UpstreamError error = wire::classifyUpstreamError(429, headers, "{}", now);
    require(!error.message.empty(), "a failure has words");
    const std::vector<std::string> trusted {"127.0.0.1", "10.0.0.0/8"};
    require(!net::forwardedPeer("127.0.0.1", headers, trusted).empty(), "a caller has an address");
    require(net::forwardedPeer("192.0.2.1", headers, trusted) == "192.0.2.1", "only a trusted proxy is believed");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char *>(data), size);
    oneValue(text);
    headerLines(text);
    return 0;
}
