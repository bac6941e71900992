// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/telemetry_words.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <climits>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

using bridge::qt;
using gateway::config::LogSink;
using gateway::config::TelemetrySettings;
using widgets::Icon;
using widgets::Role;

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(settings)
};

int shown(std::uint64_t number) { return static_cast<int>(std::min<std::uint64_t>(number, INT_MAX)); }

QString callsSent(std::uint64_t calls) { return calls == 0 ? Words::tr("no calls sent since the start") : Words::tr("%1 calls sent since the start").arg(widgets::count(calls)); }
QString callsWaiting(std::uint64_t calls) { return calls == 0 ? Words::tr("none waiting") : Words::tr("%1 waiting").arg(widgets::count(calls)); }

bool hasSecret(const LogSink &sink) { return !sink.s3.accessKeyId.empty() || !sink.s3.secretAccessKey.empty() || !sink.s3.sessionToken.empty(); }

} // namespace

TelemetryState stateOf(const std::optional<gateway::CollectorStatus> &status)
{
    if (!status)
        return {};
    if (!status->on)
        return {Icon::Skipped, Role::Muted, Words::tr("Off")};
    QStringList parts {callsSent(status->sent), callsWaiting(status->waiting)};
    if (status->lost > 0)
        parts.append(Words::tr("%1 not taken").arg(widgets::count(status->lost)));
    const QString figures = parts.join(u", "_s);
    if (!status->problem.empty())
        return {Icon::Error, Role::Err, Words::tr("%1 (%2)", "trouble, figures").arg(qt(status->problem), figures)};
    return {status->lost > 0 ? Icon::Warning : Icon::Ok, status->lost > 0 ? Role::Warn : Role::Ok, Words::tr("Well: %1").arg(figures)};
}

TelemetryState stateOf(const LogSink &sink, const std::optional<gateway::SinkStatus> &status)
{
    if (!sink.enabled)
        return {Icon::Skipped, Role::Muted, Words::tr("Off")};
    if (!status)
        return {};
    if (!status->problem.empty())
        return {Icon::Error, Role::Err, Words::tr("Does not get through")};
    if (status->dropped > 0)
        return {Icon::Warning, Role::Warn, Words::tr("Lacks %n call(s)", nullptr, shown(status->dropped))};
    if (status->sent == 0)
        return {Icon::Clock, Role::Muted, Words::tr("Nothing sent yet")};
    return {Icon::Ok, Role::Ok, Words::tr("Well")};
}

QString collectorExtras(const TelemetrySettings &telemetry)
{
    QStringList parts;
    if (!telemetry.otlpHeaders.empty())
        parts.append(Words::tr("%n header(s)", nullptr, static_cast<int>(telemetry.otlpHeaders.size())));
    parts.append(telemetry.content ? Words::tr("what was asked and answered goes too") : Words::tr("without what was asked and answered"));
    return parts.join(u"; "_s);
}

QString placeOf(const LogSink &sink)
{
    if (!sink.folder.empty())
        return qt(sink.folder);
    const QString object = u"s3://%1/%2"_s.arg(qt(sink.s3.bucket), qt(sink.s3.prefix));
    return sink.s3.endpoint.empty() ? Words::tr("%1 in %2", "bucket, region").arg(object, qt(sink.s3.region)) : Words::tr("%1 at %2", "bucket, address").arg(object, qt(sink.s3.endpoint));
}

bool losesSecrets(const TelemetrySettings &before, const TelemetrySettings &after)
{
    const bool moved = !after.otlp.empty() && after.otlp != before.otlp;
    for (const auto &[name, value] : before.otlpHeaders) {
        const auto now = after.otlpHeaders.find(name);
        if (moved || now == after.otlpHeaders.end() || now->second != value)
            return true;
    }
    return std::ranges::any_of(before.sinks, [&](const LogSink &sink) {
        return hasSecret(sink) && std::ranges::none_of(after.sinks, [&](const LogSink &now) { return now.s3 == sink.s3; });
    });
}

} // namespace ui::settings
