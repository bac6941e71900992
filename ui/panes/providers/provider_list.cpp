// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/provider_list.h"

#include "ui/bridge/text.h"
#include "ui/panes/provider_health.h"
#include "ui/panes/providers/provider_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::providers {

using gateway::config::Provider;
using namespace widgets;

ProviderListModel::ProviderListModel(const bridge::ConfigDraft &draft, QObject *parent) : QAbstractListModel(parent), m_draft(draft) { reload(); }

void ProviderListModel::setSearch(const QString &text)
{
    m_search = text.trimmed();
    reload();
}

void ProviderListModel::reload()
{
    QList<int> rows;
    const auto &all = m_draft.config().providers;
    for (int i = 0; i < static_cast<int>(all.size()); ++i) {
        const Provider &one = all[static_cast<std::size_t>(i)];
        const auto has = [&](const std::string &text) { return bridge::qt(text).contains(m_search, Qt::CaseInsensitive); };
        if (m_search.isEmpty() || has(one.name) || has(one.kind) || std::ranges::any_of(one.models, has, &gateway::config::ModelSettings::id))
            rows << i;
    }
    if (rows == m_rows) {
        refresh();
        return;
    }
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

void ProviderListModel::refresh()
{
    if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

void ProviderListModel::setHealth(std::vector<gateway::api::TargetHealth> health)
{
    m_health = std::move(health);
    refresh();
}

void ProviderListModel::setStrips(std::vector<gateway::api::ProviderStrip> strips)
{
    m_strips = std::move(strips);
    refresh();
}

void ProviderListModel::setTesting(const QString &name, bool testing)
{
    if (testing)
        m_testing.insert(name);
    else
        m_testing.remove(name);
    refresh();
}

void ProviderListModel::setTestResult(const QString &name, bool ok, const QString &words)
{
    m_results.insert(name, {ok, words});
    setTesting(name, false);
}

const gateway::api::ProviderStrip *ProviderListModel::strip(const std::string &name) const
{
    const auto found = std::ranges::find(m_strips, name, &gateway::api::ProviderStrip::provider);
    return found == m_strips.end() ? nullptr : &*found;
}

int ProviderListModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

const Provider *ProviderListModel::provider(int row) const
{
    const auto at = static_cast<std::size_t>(m_rows.value(row, -1));
    return at < m_draft.config().providers.size() ? &m_draft.config().providers[at] : nullptr;
}

QVariant ProviderListModel::data(const QModelIndex &index, int role) const
{
    const Provider *one = index.isValid() ? provider(index.row()) : nullptr;
    if (!one)
        return {};
    const QString name = bridge::qt(one->name);
    const auto *day = strip(one->name);
    const std::optional<double> errors = day ? panes::errorShare(*day) : std::nullopt;
    const auto words = [&] { return stateWords(*one, bridge::figuresOf(m_health, one->name), errors); };
    switch (role) {
    case Name: return name;
    case Models: return modelsLine(*one, 2);
    case StateIcon: return int(words().icon);
    case StateRole: return int(words().role);
    case StateText: {
        if (m_testing.contains(name))
            return tr("being tested…");
        const StateWords now = words();
        const auto result = m_results.constFind(name);
        return now.notable || result == m_results.constEnd() ? now.words : result->second;
    }
    case StateNotable: return m_testing.contains(name) || m_results.contains(name) || words().notable;
    case Bins: return QVariant::fromValue(day ? panes::healthBins(*day) : QList<HealthBin> {});
    case P95: return day ? latency(day->p95Us) : unknownText();
    case Errors: return share(errors);
    case ErrorRole: return int(panes::errorRole(errors));
    case Locked: return one->origin == gateway::config::Origin::File;
    case Enabled: return one->enabled;
    case Testing: return m_testing.contains(name);
    case ConfigIndex: return m_rows.value(index.row());
    case Qt::AccessibleTextRole: return tr("%1, %2, p95 %3, errors %4").arg(name, data(index, StateText).toString(), data(index, P95).toString(), data(index, Errors).toString());
    case Qt::ToolTipRole: return modelsLine(*one, 30);
    default: return {};
    }
}

ProviderDelegate::Columns ProviderDelegate::columns(int width)
{
    Columns c {88, -1, 0, 0, width - 16};
    c.errors = width - 16 - 56;
    c.p95 = c.errors - 72;
    if (c.p95 - 88 >= 310)
        c.strip = c.p95 - 200;
    return c;
}

QSize ProviderDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const { return {360, 64}; }

void ProviderDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeColors &c = colorsOf(option.palette);
    const QRect r = option.rect;
    const Columns x = columns(r.width());
    painter->save();
    painter->setLayoutDirection(Qt::LeftToRight); // the columns are placed by hand
    painter->fillRect(r, option.state & QStyle::State_Selected ? c.selection : c.surface);
    painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), c.line);
    const bool enabled = index.data(ProviderListModel::Enabled).toBool();
    const widgets::Role role = widgets::Role(index.data(ProviderListModel::StateRole).toInt());
    const int middle = r.top() + 31;
    const Icon icon = index.data(ProviderListModel::Testing).toBool() ? Icon::Clock : Icon(index.data(ProviderListModel::StateIcon).toInt());
    paintIcon(painter, icon, QRectF(r.left() + 16, middle - 8, 16, 16), c.of(role));
    const QString name = index.data().toString();
    paintProviderMark(painter, QRect(r.left() + 44, middle - 16, 32, 32), name, c);

    const bool notable = index.data(ProviderListModel::StateNotable).toBool();
    const QString state = index.data(ProviderListModel::StateText).toString();
    int nameWidth = (x.strip > 0 ? x.strip : x.p95) - 12 - x.name;
    const bool locked = index.data(ProviderListModel::Locked).toBool();
    painter->setFont(textFont(13, QFont::DemiBold));
    painter->setPen(enabled ? c.text : c.control);
    const QString shown = painter->fontMetrics().elidedText(name, Qt::ElideRight, nameWidth - (locked ? 20 : 0));
    painter->drawText(QRect(r.left() + x.name, r.top() + 13, nameWidth, 18), Qt::AlignVCenter | Qt::AlignLeft, shown);
    if (locked)
        paintIcon(painter, Icon::Lock, QRectF(r.left() + x.name + painter->fontMetrics().horizontalAdvance(shown) + 6, r.top() + 15, 14, 14), c.muted);
    painter->setFont(textFont(11));
    const bool stateHere = x.strip < 0 && notable;
    painter->setPen(stateHere ? c.of(role) : c.muted);
    painter->drawText(QRect(r.left() + x.name, r.top() + 32, nameWidth, 16), Qt::AlignVCenter | Qt::AlignLeft,
        painter->fontMetrics().elidedText(stateHere ? state : index.data(ProviderListModel::Models).toString(), Qt::ElideRight, nameWidth));

    if (x.strip > 0) {
        const int left = r.left() + x.strip;
        paintHealthStrip(painter, QRect(left, r.top() + 13, 192, 20), index.data(ProviderListModel::Bins).value<QList<HealthBin>>(), c);
        painter->setFont(textFont(11));
        painter->setPen(c.muted);
        painter->drawText(QRect(left, r.top() + 37, 40, 14), Qt::AlignVCenter | Qt::AlignLeft, tr("24 h"));
        if (notable) {
            painter->setFont(textFont(11, QFont::DemiBold));
            painter->setPen(c.of(role));
            painter->drawText(QRect(left + 32, r.top() + 37, 159, 14), Qt::AlignVCenter | Qt::AlignRight, painter->fontMetrics().elidedText(state, Qt::ElideRight, 159));
        }
    }
    painter->setFont(textFont(13));
    painter->setPen(c.text);
    painter->drawText(QRect(r.left() + x.p95, r.top(), x.errors - x.p95 - 8, 62), Qt::AlignVCenter | Qt::AlignRight, index.data(ProviderListModel::P95).toString());
    const widgets::Role errorRole = widgets::Role(index.data(ProviderListModel::ErrorRole).toInt());
    painter->setFont(textFont(13, errorRole == widgets::Role::Text ? QFont::Normal : QFont::DemiBold));
    painter->setPen(c.of(errorRole));
    painter->drawText(QRect(r.left() + x.errors, r.top(), x.right - x.errors, 62), Qt::AlignVCenter | Qt::AlignRight, index.data(ProviderListModel::Errors).toString());
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
        paintFocusRing(painter, QRectF(r).adjusted(1, 1, -1, -2), c.accent, 2);
    painter->restore();
}

ListHeader::ListHeader(QWidget *parent) : QWidget(parent) { setFixedHeight(28); }

void ListHeader::setSince(const QString &since)
{
    m_since = since;
    update();
}

void ListHeader::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    const ProviderDelegate::Columns x = ProviderDelegate::columns(width());
    painter.fillRect(QRect(0, 0, width(), 1), c.line);
    painter.fillRect(QRect(0, height() - 1, width(), 1), c.line);
    painter.setFont(textFont(12, QFont::Medium));
    painter.setPen(c.muted);
    painter.drawText(QRect(44, 0, 200, 28), Qt::AlignVCenter | Qt::AlignLeft, tr("Provider"));
    if (x.strip > 0)
        painter.drawText(QRect(x.strip, 0, 196, 28), Qt::AlignVCenter | Qt::AlignLeft, m_since);
    painter.drawText(QRect(x.p95, 0, x.errors - x.p95 - 8, 28), Qt::AlignVCenter | Qt::AlignRight, tr("p95"));
    painter.drawText(QRect(x.errors, 0, x.right - x.errors, 28), Qt::AlignVCenter | Qt::AlignRight, tr("Errors"));
}

} // namespace ui::providers
