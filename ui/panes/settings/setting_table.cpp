// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/setting_table.h"

#include "gateway/config/duration.h"
#include "ui/bridge/text.h"

#include <QCoreApplication>


using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

using bridge::qt;
using bridge::utf8;
using gateway::config::GatewaySettings;
using gateway::config::Millis;
using Kind = Setting::Kind;

QString tr(const char *text)
{
    return QCoreApplication::translate("settings", text);
}

// Field access: each maker takes a function from the settings to the field, so that a row names it once.

template <typename Field>
Setting textRow(Setting row, Field field)
{
    row.read = [field](const GatewaySettings &from) { return qt(field(const_cast<GatewaySettings &>(from))); };
    row.write = [field](GatewaySettings &to, const QString &text) -> gateway::Result<void> {
        field(to) = utf8(text.trimmed());
        return {};
    };
    return row;
}

template <typename Field>
Setting switchRow(Setting row, Field field)
{
    row.kind = Kind::Switch;
    row.read = [field](const GatewaySettings &from) { return field(const_cast<GatewaySettings &>(from)) ? u"true"_s : u"false"_s; };
    row.write = [field](GatewaySettings &to, const QString &text) -> gateway::Result<void> {
        field(to) = text == u"true"_s;
        return {};
    };
    return row;
}

gateway::Result<void> writeDuration(Millis &field, const QString &text)
{
    const auto parsed = gateway::config::parseDuration(utf8(text.trimmed()));
    if (!parsed)
        return std::unexpected(parsed.error());
    field = *parsed;
    return {};
}

template <typename Field>
Setting durationRow(Setting row, Field field)
{
    row.kind = Kind::Duration;
    row.read = [field](const GatewaySettings &from) { return qt(gateway::config::durationText(field(const_cast<GatewaySettings &>(from)))); };
    row.write = [field](GatewaySettings &to, const QString &text) { return writeDuration(field(to), text); };
    return row;
}

/// A duration that may be left empty: then the default that the note names holds.
template <typename Field>
Setting optionalDurationRow(Setting row, Field field)
{
    row.kind = Kind::Duration;
    row.read = [field](const GatewaySettings &from) {
        const auto &value = field(const_cast<GatewaySettings &>(from));
        return value ? qt(gateway::config::durationText(*value)) : QString();
    };
    row.write = [field](GatewaySettings &to, const QString &text) -> gateway::Result<void> {
        if (text.trimmed().isEmpty()) {
            field(to).reset();
            return {};
        }
        Millis value {};
        if (auto written = writeDuration(value, text); !written)
            return written;
        field(to) = value;
        return {};
    };
    return row;
}

template <typename Field>
Setting sizeRow(Setting row, Field field)
{
    row.kind = Kind::Size;
    row.read = [field](const GatewaySettings &from) { return qt(gateway::config::sizeText(field(const_cast<GatewaySettings &>(from)))); };
    row.write = [field](GatewaySettings &to, const QString &text) -> gateway::Result<void> {
        const auto parsed = gateway::config::parseSize(utf8(text.trimmed()));
        if (!parsed)
            return std::unexpected(parsed.error());
        field(to) = *parsed;
        return {};
    };
    return row;
}

template <typename Field>
Setting numberRow(Setting row, Field field)
{
    row.kind = Kind::Number;
    row.read = [field](const GatewaySettings &from) { return QString::number(field(const_cast<GatewaySettings &>(from))); };
    row.write = [field](GatewaySettings &to, const QString &text) -> gateway::Result<void> {
        bool ok = false;
        const int value = text.trimmed().toInt(&ok);
        if (!ok)
            return gateway::fail(gateway::ErrorCode::Invalid, utf8(tr("\"%1\" is not a whole number.").arg(text.trimmed())));
        field(to) = value;
        return {};
    };
    return row;
}

template <typename Field>
Setting listRow(Setting row, Field field)
{
    row.kind = Kind::List;
    row.read = [field](const GatewaySettings &from) {
        QStringList items;
        for (const std::string &item : field(const_cast<GatewaySettings &>(from)))
            items << qt(item);
        return items.join(u", "_s);
    };
    row.write = [field](GatewaySettings &to, const QString &text) -> gateway::Result<void> {
        std::vector<std::string> items;
        for (const QString &item : text.split(u',', Qt::SkipEmptyParts)) {
            if (!item.trimmed().isEmpty())
                items.push_back(utf8(item.trimmed()));
        }
        field(to) = std::move(items);
        return {};
    };
    return row;
}

QList<Setting> listenerRows()
{
    const QString section = tr("Listener");
    return {
        textRow({u"listen"_s, section, tr("Address"), tr("Programs call this address and port. 0.0.0.0 or a network address lets other machines call too."), u"port bind lan network"_s},
                [](GatewaySettings &s) -> std::string & { return s.listen; }),
        switchRow({u"require_key"_s, section, tr("Calls need a virtual key"), tr("Without one, calls run as team \"default\"; only possible on this machine's own address."), u"authentication anonymous"_s},
                  [](GatewaySettings &s) -> bool & { return s.requireKey; }),
        numberRow({u"max_connections"_s, section, tr("Most connections"), tr("Further ones are refused with 503."), u"limit"_s},
                  [](GatewaySettings &s) -> int & { return s.maxConnections; }),
        sizeRow({u"max_body"_s, section, tr("Largest request"), tr("A larger body is refused with 413."), u"limit size"_s}, [](GatewaySettings &s) -> std::int64_t & { return s.maxBody; }),
        sizeRow({u"max_header"_s, section, tr("Largest header"), tr("Request line and headers together; more is refused with 431."), u"limit size"_s},
                [](GatewaySettings &s) -> std::int64_t & { return s.maxHeader; }),
        textRow({u"tls.cert"_s, section, tr("TLS certificate"), tr("PEM file with the chain. Empty: plain HTTP."), u"https ssl encryption"_s, Kind::Path},
                [](GatewaySettings &s) -> std::string & { return s.tls.cert; }),
        textRow({u"tls.key"_s, section, tr("TLS key"), tr("PEM file with the certificate's private key."), u"https ssl encryption"_s, Kind::Path},
                [](GatewaySettings &s) -> std::string & { return s.tls.key; }),
        textRow({u"tls.client_ca"_s, section, tr("TLS callers' authority"), tr("PEM file; callers must then show a certificate that it signed."), u"https mtls client"_s, Kind::Path},
                [](GatewaySettings &s) -> std::string & { return s.tls.clientCa; }),
    };
}

QList<Setting> securityRows()
{
    const QString section = tr("Security");
    return {
        listRow({u"cors"_s, section, tr("Browser origins"), tr("Web pages from these origins may call, for example https://app.example.org. All others are refused."), u"cors browser origin"_s},
                [](GatewaySettings &s) -> std::vector<std::string> & { return s.cors; }),
        listRow({u"trusted_proxies"_s, section, tr("Trusted proxies"), tr("Only these addresses may say for whom they call (X-Forwarded-For)."), u"forwarded reverse proxy"_s},
                [](GatewaySettings &s) -> std::vector<std::string> & { return s.trustedProxies; }),
        textRow({u"metrics_token"_s, section, tr("Metrics token"), tr("Prometheus must show it to read /metrics. Empty: anybody who reaches the address may."), u"prometheus secret"_s, Kind::Secret},
                [](GatewaySettings &s) -> std::string & { return s.metricsToken.value; }),
        switchRow({u"allow_private_upstreams"_s, section, tr("Providers may be on this machine or network"), tr("Turn off where others configure providers, so that nobody reaches into your network."), u"ssrf loopback private"_s},
                  [](GatewaySettings &s) -> bool & { return s.allowPrivateUpstreams; }),
    };
}

QList<Setting> timeRows()
{
    const QString section = tr("Time limits");
    return {
        optionalDurationRow({u"timeouts.connect"_s, section, tr("Connect"), tr("Name, connection and TLS together. Providers and routes can set their own."), u"timeout"_s},
                            [](GatewaySettings &s) -> std::optional<Millis> & { return s.timeouts.connect; }),
        optionalDurationRow({u"timeouts.first_byte"_s, section, tr("First content"), tr("Empty: 60s for streams, the whole call's limit for whole answers."), u"timeout ttft"_s},
                            [](GatewaySettings &s) -> std::optional<Millis> & { return s.timeouts.firstByte; }),
        optionalDurationRow({u"timeouts.idle"_s, section, tr("Silence"), tr("Longest pause between two pieces of an answer."), u"timeout idle"_s},
                            [](GatewaySettings &s) -> std::optional<Millis> & { return s.timeouts.idle; }),
        optionalDurationRow({u"timeouts.total"_s, section, tr("Whole call"), {}, u"timeout total"_s}, [](GatewaySettings &s) -> std::optional<Millis> & { return s.timeouts.total; }),
        durationRow({u"keepalive"_s, section, tr("Keep-alive comment"), tr("A stream that is silent for so long gets a comment, so that hops in between keep it open."), u"ping"_s},
                    [](GatewaySettings &s) -> Millis & { return s.keepalive; }),
        durationRow({u"drain_timeout"_s, section, tr("Time to finish at the end"), tr("Running calls may take so long when Signalbox quits."), u"shutdown drain"_s},
                    [](GatewaySettings &s) -> Millis & { return s.drainTimeout; }),
    };
}

QList<Setting> logRows()
{
    const QString section = tr("Call log");
    Setting durability {u"durability"_s, section, tr("Durability"), tr("Strict holds an answer's last byte until its record is safely stored; it costs a disk write for each group of calls."),
                        u"strict fsync"_s, Kind::Choice, {{u"relaxed"_s, tr("Relaxed")}, {u"strict"_s, tr("Strict")}}};
    durability.read = [](const GatewaySettings &s) { return s.durability == gateway::config::Durability::Strict ? u"strict"_s : u"relaxed"_s; };
    durability.write = [](GatewaySettings &s, const QString &text) -> gateway::Result<void> {
        s.durability = text == u"strict"_s ? gateway::config::Durability::Strict : gateway::config::Durability::Relaxed;
        return {};
    };
    return {
        switchRow({u"log.bodies"_s, section, tr("Keep requests and answers"), tr("Their texts, compressed, beside each call's figures."), u"bodies content privacy"_s},
                  [](GatewaySettings &s) -> bool & { return s.log.bodies; }),
        durationRow({u"log.keep"_s, section, tr("Keep calls for"), {}, u"retention days"_s}, [](GatewaySettings &s) -> Millis & { return s.log.keep; }),
        durationRow({u"log.keep_bodies"_s, section, tr("Keep texts for"), {}, u"retention bodies days"_s}, [](GatewaySettings &s) -> Millis & { return s.log.keepBodies; }),
        sizeRow({u"log.max_body"_s, section, tr("Most of one text"), tr("Longer requests and answers are kept up to here."), u"size"_s}, [](GatewaySettings &s) -> std::int64_t & { return s.log.maxBody; }),
        sizeRow({u"log.max_size"_s, section, tr("Largest log"), tr("The oldest calls go when the file grows past it."), u"size disk"_s}, [](GatewaySettings &s) -> std::int64_t & { return s.log.maxSize; }),
        switchRow({u"log.full_text"_s, section, tr("Full text"), tr("An index of the words of requests and answers, so that text: finds them in the Calls pane. It takes about as much room again as the texts; off removes it."), u"search words index"_s},
                  [](GatewaySettings &s) -> bool & { return s.log.fullText; }),
        durability,
        durationRow({u"flush"_s, section, tr("Write at least every"), {}, u"flush commit"_s}, [](GatewaySettings &s) -> Millis & { return s.flush; }),
        textRow({u"time_zone"_s, section, tr("Time zone"), tr("Whose midnight begins \"today\", for example Europe/Berlin."), u"timezone clock"_s},
                [](GatewaySettings &s) -> std::string & { return s.timeZone; }),
    };
}

QList<Setting> upstreamRows()
{
    const QString section = tr("To providers");
    return {
        textRow({u"proxy"_s, section, tr("Proxy"), tr("http://[user:password@]host:port. Empty: none."), u"http connect corporate"_s}, [](GatewaySettings &s) -> std::string & { return s.proxy; }),
        sizeRow({u"max_answer"_s, section, tr("Largest answer"), tr("A larger one counts as a failure of that attempt."), u"limit size"_s}, [](GatewaySettings &s) -> std::int64_t & { return s.maxAnswer; }),
        sizeRow({u"media.max_size"_s, section, tr("Largest image fetched"), tr("Images and files that calls name by their address are fetched for providers that want the bytes."), u"image file url vision"_s},
                [](GatewaySettings &s) -> std::int64_t & { return s.media.maxSize; }),
        durationRow({u"media.timeout"_s, section, tr("Time to fetch images"), tr("For all that one call names."), u"image file url vision"_s}, [](GatewaySettings &s) -> Millis & { return s.media.timeout; }),
        listRow({u"media.private_networks"_s, section, tr("Private networks with images"), tr("Nothing is fetched from private addresses but these, for example 10.1.0.0/16."), u"ssrf image internal intranet"_s},
                [](GatewaySettings &s) -> std::vector<std::string> & { return s.media.privateNetworks; }),
    };
}

} // namespace

const QList<Setting> &settingTable()
{
    static const QList<Setting> table = listenerRows() + securityRows() + timeRows() + upstreamRows() + logRows();
    return table;
}

} // namespace ui::settings
