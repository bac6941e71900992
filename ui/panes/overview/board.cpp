// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/board.h"

#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QMenu>
#include <QSettings>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

constexpr int columns = 2, gap = 8, leastRow = 200, usualRow = 232, leastWidth = 300;

} // namespace

Board::Board(QSettings *settings, QWidget *parent) : QWidget(parent), m_settings(settings), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(gap);
    if (m_settings)
        m_hidden = m_settings->value(u"overview/hidden"_s).toStringList();
}

void Board::beginSection(const QString &heading)
{
    Section section {new widgets::Label(widgets::Label::Kind::Strong, heading), new QGridLayout};
    section.heading->setContentsMargins(2, 10, 0, 0);
    section.heading->hide();
    section.grid->setSpacing(gap);
    for (int column = 0; column < columns; ++column)
        section.grid->setColumnStretch(column, 1);
    m_column->addWidget(section.heading);
    m_column->addLayout(section.grid);
    m_sections.append(section);
}

void Board::add(const QString &id, widgets::Card *card)
{
    card->setParent(this);
    card->setMinimumWidth(leastWidth);
    m_places.append({id, card, int(m_sections.size()) - 1});
    card->menu()->addSeparator();
    connect(card->menu()->addAction(widgets::themedIcon(widgets::Icon::EyeOff), tr("Hide this card")), &QAction::triggered, this, [this, id, card] {
        setHidden(id, true);
        Q_EMIT cardHidden(id, card->accessibleName());
    });
    lay(int(m_sections.size()) - 1);
}

void Board::remove(const QString &id)
{
    const auto found = std::ranges::find(m_places, id, &Place::id);
    if (found == m_places.end())
        return;
    const int section = found->section;
    found->card->hide();
    found->card->deleteLater();
    m_sections.at(section).grid->removeWidget(found->card);
    m_places.erase(found);
    lay(section);
}

void Board::setOffered(const QString &id, bool offered)
{
    const auto found = std::ranges::find(m_places, id, &Place::id);
    if (found == m_places.end() || found->offered == offered)
        return;
    found->offered = offered;
    lay(found->section);
}

void Board::setHidden(const QString &id, bool hidden)
{
    if (hidden == m_hidden.contains(id))
        return;
    if (hidden)
        m_hidden.append(id);
    else
        m_hidden.removeAll(id);
    if (m_settings)
        m_settings->setValue(u"overview/hidden"_s, m_hidden);
    layAll();
}

void Board::fillMenu(QMenu *menu)
{
    int section = 0;
    for (const Place &place : m_places) {
        if (!place.offered)
            continue;
        if (place.section != section)
            menu->addSeparator();
        section = place.section;
        QAction *action = menu->addAction(place.card->accessibleName());
        action->setCheckable(true);
        action->setChecked(!m_hidden.contains(place.id));
        connect(action, &QAction::toggled, this, [this, id = place.id](bool on) { setHidden(id, !on); });
    }
}

void Board::setFirstHeight(int height)
{
    if (height == m_firstHeight)
        return;
    m_firstHeight = height;
    if (!m_sections.isEmpty())
        lay(0);
}

QList<widgets::Card *> Board::shownCards() const
{
    QList<widgets::Card *> cards;
    for (const Place &place : m_places)
        if (shown(place))
            cards.append(place.card);
    return cards;
}

void Board::lay(int section)
{
    QGridLayout *grid = m_sections.at(section).grid;
    QList<widgets::Card *> cards;
    for (const Place &place : std::as_const(m_places)) {
        if (place.section != section)
            continue;
        grid->removeWidget(place.card);
        if (shown(place))
            cards.append(place.card);
        else
            place.card->hide();
    }
    const int rows = (int(cards.size()) + columns - 1) / columns;
    for (int i = 0; i < cards.size(); ++i) {
        const bool alone = i == cards.size() - 1 && i % columns == 0;
        grid->addWidget(cards.at(i), i / columns, i % columns, 1, alone ? columns : 1);
        cards.at(i)->show(); // not before: without a parent it would be a window
    }
    const int height = section == 0 && rows > 0 ? qMax(leastRow, (m_firstHeight - gap * (rows - 1)) / rows) : usualRow;
    for (int row = 0; row < grid->rowCount(); ++row) {
        grid->setRowMinimumHeight(row, row < rows ? height : 0);
        grid->setRowStretch(row, row < rows ? 1 : 0);
    }
    m_sections.at(section).heading->setVisible(rows > 0 && !m_sections.at(section).heading->text().isEmpty());
}

void Board::layAll()
{
    for (int section = 0; section < int(m_sections.size()); ++section)
        lay(section);
}

} // namespace ui::overview
