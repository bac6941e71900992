// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QGridLayout;
class QMenu;
class QSettings;
class QVBoxLayout;

namespace ui::widgets {
class Card;
class Label;
}

namespace ui::overview {

/// Cards under headings, two in a row; one that is left over has the row to itself. People may hide some, which is kept in the
/// window's settings.
class Board final : public QWidget
{
    Q_OBJECT
public:
    /// @param settings  outlives this; null: nothing is kept
    explicit Board(QSettings *settings, QWidget *parent = nullptr);

    void beginSection(const QString &heading); ///< what is added next stands under it; empty: under none
    /// Owns it from now on. @param id  stable: "latency"
    void add(const QString &id, widgets::Card *card);
    void remove(const QString &id);            ///< and deletes the card
    void setOffered(const QString &id, bool offered); ///< whether there is anything in it to be seen or hidden
    void setHidden(const QString &id, bool hidden);
    [[nodiscard]] bool isHidden(const QString &id) const { return m_hidden.contains(id); }
    /// One to check for each card that is offered.
    void fillMenu(QMenu *menu);
    void setFirstHeight(int height);           ///< of the first section: what the window has room for
    [[nodiscard]] QList<widgets::Card *> shownCards() const;

Q_SIGNALS:
    void cardHidden(const QString &id, const QString &name); ///< by the card's own menu

private:
    struct Section
    {
        widgets::Label *heading = nullptr;
        QGridLayout *grid = nullptr;
    };
    struct Place
    {
        QString id;
        widgets::Card *card = nullptr;
        int section = 0;
        bool offered = true;
    };
    [[nodiscard]] bool shown(const Place &place) const { return place.offered && !m_hidden.contains(place.id); }
    void lay(int section);
    void layAll();

    QSettings *m_settings;
    QVBoxLayout *m_column;
    QList<Section> m_sections;
    QList<Place> m_places;
    QStringList m_hidden;
    int m_firstHeight = 0;
};

} // namespace ui::overview
