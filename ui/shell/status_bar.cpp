// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_bar.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QStyle>

using namespace Qt::StringLiterals;

namespace ui::shell {
namespace {

using Circuit = gateway::api::TargetHealth::Circuit;
constexpr int itemPadding = 12;

/// "local-vllm circuit open 12 s", or how many where there are several.
std::pair<QString, QString> openCircuits(const std::vector<gateway::api::TargetHealth> &health)
{
    QStringList providers;
    std::optional<gateway::Duration> rest;
    for (const auto &target : health) {
        if (target.circuit != Circuit::Open)
            continue;
        const QString name = bridge::qt(target.provider);
        if (!providers.contains(name))
            providers.append(name);
        if (target.restsFor && (!rest || *target.restsFor < *rest))
            rest = target.restsFor;
    }
    if (providers.isEmpty())
        return {};
    const QString left = rest ? u' ' + widgets::span(*rest) : QString();
    if (providers.size() == 1)
        return {QObject::tr("%1 circuit open%2").arg(providers.front(), left), providers.front()};
    return {QObject::tr("%1 circuits open").arg(providers.size()), providers.front()};
}

} // namespace

StatusBar::StatusBar(gateway::api::Gateway *gateway, QWidget *parent) : QWidget(parent), m_gateway(gateway)
{
    setFixedHeight(28);
    setMouseTracking(true);
    refresh();
}

void StatusBar::refresh()
{
    const gateway::api::StatsView stats = m_gateway->stats();
    const gateway::api::ListenerState listener = m_gateway->listener();
    const gateway::api::StoreState store = m_gateway->store();
    m_left.clear();
    m_right.clear();
    if (listener.up)
        m_left.append({.value = bridge::qt(listener.address), .mono = true, .dot = 1, .link = u"listener"_s});
    else
        m_left.append({.value = listener.problem.empty() ? tr("not listening") : bridge::qt(listener.problem), .dot = 0, .link = u"listener"_s});
    m_left.append({.value = widgets::rate(stats.callsPerSecond), .after = tr("rps")});
    m_left.append({.before = tr("p95"), .value = widgets::latency(stats.p95Us)});
    m_left.append({.before = tr("err"), .value = widgets::share(stats.errorShare)});
    m_left.append({.value = widgets::moneyTotal(stats.costToday), .after = stats.unpricedToday ? tr("today, %1 calls without a price").arg(widgets::count(stats.unpricedToday)) : tr("today")});
    if (const auto [text, provider] = openCircuits(m_gateway->health()); !text.isEmpty())
        m_left.append({.value = text, .warning = true, .link = provider});
    if (store.waiting > 0)
        m_right.append({.value = widgets::count(store.waiting), .after = store.waiting == 1 ? tr("call waits to be stored") : tr("calls wait to be stored")});
    m_right.append({.before = tr("log committed to"), .value = widgets::count(store.committed)});
    m_right.append({.before = tr("config version"), .value = QString::number(m_gateway->revision().number)});
    setAccessibleName(text());
    update();
}

QString StatusBar::text() const
{
    QStringList parts;
    for (const auto &list : {m_left, m_right})
        for (const Item &item : list)
            parts.append(QStringList {item.before, item.value, item.after}.join(u' ').trimmed());
    return parts.join(u" | "_s);
}

void StatusBar::layOut()
{
    const QFontMetrics plain(widgets::textFont(12)), strong(widgets::textFont(12, QFont::Medium)), mono(widgets::monoFont(12));
    const auto measure = [&](Item &item) {
        int width = (item.mono ? mono : strong).horizontalAdvance(item.value) + 1;
        for (const QString &part : {item.before, item.after})
            width += part.isEmpty() ? 0 : plain.horizontalAdvance(part) + 8;
        item.width = width + (item.dot >= 0 ? 16 : 0) + (item.warning ? 22 : 0);
    };
    int x = 16;
    for (Item &item : m_left) {
        measure(item);
        item.x = x;
        x += item.width + 2 * itemPadding + 1;
    }
    int right = width() - 12;
    for (qsizetype i = m_right.size() - 1; i >= 0; --i) {
        measure(m_right[i]);
        right -= m_right[i].width;
        m_right[i].x = right;
        right -= 2 * itemPadding + 1;
    }
    // A narrow window drops what is said elsewhere, from the left of the right group.
    while (!m_right.isEmpty() && m_right.front().x < x) {
        m_right.removeFirst();
    }
}

void StatusBar::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    layOut();
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LayoutDirectionAuto);
    painter.fillRect(rect(), c.raised);
    painter.fillRect(0, 0, width(), 1, c.line);
    const QRect line(0, 1, width(), height() - 1);
    const auto seen = [this](const QRect &r) { return QStyle::visualRect(layoutDirection(), rect(), r); };
    const auto draw = [&](const Item &item) {
        int x = item.x;
        const auto words = [&](const QString &text, const QFont &font, const QColor &color) {
            if (text.isEmpty())
                return;
            painter.setFont(font);
            painter.setPen(color);
            const int w = painter.fontMetrics().horizontalAdvance(text) + 1;
            painter.drawText(seen(QRect(x, line.y(), w, line.height())), Qt::AlignVCenter | Qt::AlignLeft | Qt::AlignAbsolute | Qt::TextDontClip, text);
            x += w + 7;
        };
        if (item.dot >= 0) {
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(Qt::NoPen);
            painter.setBrush(item.dot ? c.ok : c.err);
            painter.drawEllipse(seen(QRect(x, line.center().y() - 3, 8, 8)));
            x += 16;
        }
        if (item.warning) {
            widgets::paintIcon(&painter, widgets::Icon::CircuitOpen, seen(QRect(x, line.center().y() - 6, 14, 14)), c.err);
            x += 22;
        }
        words(item.before, widgets::textFont(12), c.muted);
        words(item.value, item.mono ? widgets::monoFont(12) : widgets::textFont(12, QFont::Medium), item.warning || item.dot == 0 ? c.err : c.text);
        words(item.after, widgets::textFont(12), c.muted);
    };
    for (const Item &item : std::as_const(m_left)) {
        draw(item);
        painter.fillRect(seen(QRect(item.x + item.width + itemPadding, 7, 1, 16)), c.line);
    }
    for (qsizetype i = 0; i < m_right.size(); ++i) {
        draw(m_right.at(i));
        if (i > 0)
            painter.fillRect(seen(QRect(m_right.at(i).x - itemPadding, 7, 1, 16)), c.line);
    }
}

QString StatusBar::linkAt(const QPoint &at) const
{
    for (const Item &item : std::as_const(m_left))
        if (!item.link.isEmpty() && QStyle::visualRect(layoutDirection(), rect(), QRect(item.x, 0, item.width, height())).contains(at))
            return item.link;
    return {};
}

void StatusBar::mouseReleaseEvent(QMouseEvent *event)
{
    const QString link = linkAt(event->position().toPoint());
    if (link == u"listener")
        Q_EMIT listenerClicked();
    else if (!link.isEmpty())
        Q_EMIT circuitClicked(link);
}

void StatusBar::mouseMoveEvent(QMouseEvent *event)
{
    setCursor(linkAt(event->position().toPoint()).isEmpty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
}

} // namespace ui::shell
