// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check.h"

#include "gateway/config/alert_text.h"
#include "gateway/config/cache_text.h"
#include "gateway/config/check_entries.h"
#include "gateway/config/duration.h"
#include "gateway/config/privacy_text.h"
#include "gateway/config/prompt_text.h"
#include "gateway/config/quota_text.h"
#include "gateway/config/report_text.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::config {

namespace {

constexpr std::int64_t kilobyte = 1024;
constexpr std::int64_t megabyte = 1024 * kilobyte;
constexpr std::int64_t gigabyte = 1024 * megabyte;

/// "scheme://host[:port]", nothing behind it: how browsers write Origin (RFC 6454 section 6.2).
bool isOrigin(std::string_view text)
{
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos || scheme == 0)
        return false;
    const std::string_view host = text.substr(scheme + 3);
    return !host.empty() && host.find_first_of("/?# \t@") == std::string_view::npos;
}

void checkListen(Checks &checks, const GatewaySettings &settings)
{
    const auto address = parseListen(settings.listen);
    if (!address) {
        checks.error("gateway.listen", fmt::format("{} is not an address and port, such as 127.0.0.1:8787 or [::1]:8787", jsonQuoted(settings.listen)));
        return;
    }
    if (!address->loopback && !settings.requireKey)
        checks.error("gateway.require_key", fmt::format("{} can be reached from other machines, so that require_key: false would let anybody call. "
                                                        "Listen on 127.0.0.1, or leave require_key at true",
                                                        settings.listen));
}

void checkSizes(Checks &checks, const GatewaySettings &settings)
{
    checks.size("gateway.max_body", settings.maxBody, kilobyte, gigabyte);
    checks.size("gateway.max_header", settings.maxHeader, kilobyte, megabyte);
    checks.size("gateway.max_answer", settings.maxAnswer, kilobyte, gigabyte);
    checks.size("gateway.log.max_body", settings.log.maxBody, 0, 64 * megabyte);
    checks.size("gateway.log.max_size", settings.log.maxSize, megabyte, std::int64_t {1} << 50);
    checks.size("gateway.media.max_size", settings.media.maxSize, kilobyte, gigabyte);
    checks.range("gateway.max_connections", settings.maxConnections, 1, 1'000'000);
}

void checkTimes(Checks &checks, const GatewaySettings &settings)
{
    checks.timeouts("gateway.timeouts", settings.timeouts);
    checks.duration("gateway.keepalive", settings.keepalive, Millis {0}, std::chrono::hours {1});
    checks.duration("gateway.drain_timeout", settings.drainTimeout, Millis {0}, std::chrono::hours {24});
    checks.duration("gateway.flush", settings.flush, Millis {1}, std::chrono::seconds {10});
    checks.duration("gateway.media.timeout", settings.media.timeout, Millis {100}, std::chrono::minutes {1});
    checks.duration("gateway.log.keep", settings.log.keep, std::chrono::hours {1}, std::chrono::days {36'525});
    checks.duration("gateway.log.keep_bodies", settings.log.keepBodies, Millis {0}, std::chrono::days {36'525});
}

void checkTls(Checks &checks, const TlsSettings &tls)
{
    if (tls.cert.empty() != tls.key.empty())
        checks.error(tls.cert.empty() ? "gateway.tls.cert" : "gateway.tls.key", "tls needs both `cert` and `key`, each the path of a PEM file");
    if (!tls.clientCa.empty() && tls.cert.empty())
        checks.error("gateway.tls.client_ca", "client certificates can only be asked for where `cert` and `key` are set");
}

void checkGateway(Checks &checks, const GatewaySettings &settings)
{
    checkListen(checks, settings);
    checkSizes(checks, settings);
    checkTimes(checks, settings);
    checkTls(checks, settings.tls);
    for (std::size_t i = 0; i < settings.cors.size(); ++i) {
        if (!isOrigin(settings.cors[i]))
            checks.error(fmt::format("gateway.cors[{}]", i), fmt::format("{} is not an origin, such as https://app.example.org", jsonQuoted(settings.cors[i])));
    }
    checks.networks("gateway.trusted_proxies", settings.trustedProxies);
    checks.networks("gateway.media.private_networks", settings.media.privateNetworks);
    if (!settings.proxy.empty() && !isHttpUrl(settings.proxy))
        checks.error("gateway.proxy", "the proxy is not an address such as http://proxy.example.org:3128");
    checks.zone("gateway.time_zone", settings.timeZone);
    checks.secret("gateway.metrics_token", settings.metricsToken);
}

} // namespace

bool isZoneName(std::string_view name)
{
    const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view("_+-/").find(c) != std::string_view::npos; };
    return !name.empty() && name.size() <= 64 && name.front() != '/' && std::all_of(name.begin(), name.end(), fits);
}

Problems check(const Config &config, std::span<const KindFields> kinds, std::span<const std::string_view> detectors)
{
    Checks checks;
    checkGateway(checks, config.gateway);
    checkProviders(checks, config.providers, kinds);
    checkRoutes(checks, config.routes);
    checkTeams(checks, config.teams);
    checkKeys(checks, config.keys);
    checkAdminTokens(checks, config.adminTokens);
    checkTags(checks, config.tags);
    checkQuota(checks, "organisation", config.organisation.quota);
    checkCustomers(checks, config.customers);
    checkTelemetry(checks, config.telemetry);
    checkPolicies(checks, "privacy.policies", config.privacyPolicies, detectors);
    checkCacheSettings(checks, "cache", config.cache);
    checkPrompts(checks, "prompts", config.prompts);
    checkAlerts(checks, config.alerts);
    checkReports(checks, config.reports);
    checkSmtp(checks, "smtp", config.smtp);
    return checks.take();
}

} // namespace gateway::config
