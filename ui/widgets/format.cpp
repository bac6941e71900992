// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/format.h"

#include "gateway/core/figure_text.h"

#include <QDateTime>
#include <QLocale>
#include <QObject>
#include <QRegularExpression>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::widgets {
namespace {

/// Grouping and point as in the pictures, whatever the desktop's locale: amounts are compared with providers' bills.
const QLocale &numbers()
{
    static const QLocale locale(QLocale::English, QLocale::UnitedStates);
    return locale;
}

QString fixed(double value, int places) { return numbers().toString(value, 'f', places); }

QDateTime local(gateway::WallTime at)
{
    return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count());
}

QString dollars(double amount, int places) { return (amount < 0 ? u"−$"_s : u"$"_s) + fixed(std::abs(amount), places); }

} // namespace

QString unknownText() { return u"—"_s; }

QString money(gateway::Money amount)
{
    const double value = static_cast<double>(amount.nanos()) / 1e9;
    const double size = std::abs(value);
    if (amount.nanos() == 0)
        return u"$0"_s;
    if (size < 0.0001)
        return value < 0 ? u"−<$0.0001"_s : u"<$0.0001"_s;
    if (size < 0.0995)
        return dollars(value, 4);
    return dollars(value, size < 0.995 ? 3 : 2);
}

QString money(const std::optional<gateway::Money> &amount) { return amount ? money(*amount) : unknownText(); }

QString moneyTotal(gateway::Money amount)
{
    const double value = static_cast<double>(amount.nanos()) / 1e9;
    if (amount.nanos() != 0 && std::abs(value) < 0.005)
        return money(amount);
    return dollars(value, 2);
}

QString pricePerMillion(const std::optional<gateway::Money> &price)
{
    if (!price)
        return unknownText();
    const double value = static_cast<double>(price->nanos()) / 1e9;
    QString text = dollars(value, 4);
    while (text.endsWith(u'0') && text.section(u'.', 1).size() > 2)
        text.chop(1);
    return text + u" / 1M tok"_s;
}

QString latency(std::int64_t micros)
{
    return micros < 0 ? unknownText() : QString::fromStdString(gateway::latencyText(micros));
}

QString latency(const std::optional<std::int64_t> &micros) { return micros ? latency(*micros) : unknownText(); }

QString latency(const std::optional<gateway::Duration> &duration)
{
    return duration ? latency(std::chrono::duration_cast<std::chrono::microseconds>(*duration).count()) : unknownText();
}

QString share(double value)
{
    const double percent = value * 100;
    if (percent <= 0)
        return u"0 %"_s;
    if (percent < 0.01)
        return u"<0.01 %"_s;
    if (value >= 1)
        return u"100 %"_s;
    if (percent < 9.995)
        return fixed(percent, 2) + u" %"_s;
    return fixed(std::min(percent, 99.9), 1) + u" %"_s;
}

QString share(std::uint64_t part, std::uint64_t of)
{
    return of == 0 ? unknownText() : share(static_cast<double>(part) / static_cast<double>(of));
}

QString share(const std::optional<double> &value) { return value ? share(*value) : unknownText(); }

QString count(std::uint64_t number) { return numbers().toString(static_cast<qulonglong>(number)); }

QString rate(double perSecond)
{
    if (perSecond <= 0)
        return u"0"_s;
    if (perSecond < 0.01)
        return u"<0.01"_s;
    return fixed(perSecond, perSecond < 9.995 ? 2 : perSecond < 99.95 ? 1 : 0);
}

QString bytes(std::uint64_t size)
{
    if (size < 1000)
        return u"%1 B"_s.arg(size);
    double value = static_cast<double>(size);
    for (const auto *unit : {"kB", "MB", "GB", "TB"}) {
        value /= 1000;
        if (value < 999.5)
            return fixed(value, value < 9.95 ? 1 : 0) + u' ' + QLatin1StringView(unit);
    }
    return fixed(value, 0) + u" TB"_s;
}

QString timeOfDay(gateway::WallTime at) { return local(at).toString(u"HH:mm:ss"_s); }
QString timeOfDayMillis(gateway::WallTime at) { return local(at).toString(u"HH:mm:ss.zzz"_s); }
QString hourMinute(gateway::WallTime at) { return local(at).toString(u"HH:mm"_s); }
QString dayText(gateway::WallTime at) { return QLocale().toString(local(at), u"d MMM yyyy"_s); }
QString dateTimeUtc(gateway::WallTime at) { return local(at).toUTC().toString(u"yyyy-MM-dd HH:mm:ss.zzz 'UTC'"_s); }

QString moment(gateway::WallTime at, gateway::WallTime now)
{
    if (at == gateway::WallTime {})
        return QObject::tr("not yet");
    const QDateTime then = local(at), today = local(now);
    const qint64 days = then.date().daysTo(today.date());
    if (days == 0)
        return timeOfDay(at);
    if (days == 1)
        return QObject::tr("yesterday %1").arg(hourMinute(at));
    return QLocale().toString(then, then.date().year() == today.date().year() ? u"d MMM HH:mm"_s : u"d MMM yyyy"_s);
}

QString span(gateway::Duration duration)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
    if (seconds < 120)
        return QObject::tr("%1 s").arg(seconds);
    if (seconds < 120 * 60)
        return QObject::tr("%1 min").arg(seconds / 60);
    return seconds < 48 * 3600 ? QObject::tr("%1 h").arg(seconds / 3600) : QObject::tr("%1 d").arg(seconds / 86400);
}

QString ago(gateway::WallTime at, gateway::WallTime now)
{
    if (at == gateway::WallTime {})
        return QObject::tr("not yet");
    const auto passed = now - at;
    return passed < std::chrono::seconds {2} ? QObject::tr("just now") : QObject::tr("%1 ago").arg(span(passed));
}

QString setting(std::chrono::milliseconds duration)
{
    using namespace std::chrono;
    const auto ms = duration.count();
    if (ms == 0)
        return u"0 s"_s;
    if (ms % milliseconds(days {1}).count() == 0)
        return u"%1 d"_s.arg(ms / milliseconds(days {1}).count());
    if (ms % 3'600'000 == 0)
        return u"%1 h"_s.arg(ms / 3'600'000);
    if (ms % 60'000 == 0)
        return u"%1 min"_s.arg(ms / 60'000);
    return ms % 1000 == 0 ? u"%1 s"_s.arg(ms / 1000) : u"%1 ms"_s.arg(ms);
}

std::optional<std::chrono::milliseconds> parseSetting(const QString &text)
{
    static const QRegularExpression form(u"^\\s*(\\d+(?:\\.\\d+)?)\\s*(ms|s|sec|m|min|h|d)?\\s*$"_s);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QString unit = match.captured(2);
    const double factor = unit == u"ms" ? 1 : unit == u"m" || unit == u"min" ? 60e3 : unit == u"h" ? 3600e3 : unit == u"d" ? 86400e3 : 1e3;
    const double ms = match.captured(1).toDouble() * factor;
    if (ms > 3.2e11) // ten years
        return std::nullopt;
    return std::chrono::milliseconds(std::llround(ms));
}

} // namespace ui::widgets
