// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

namespace ui::privacy {

/// What was found, by detector: its colour, its title, how often. What has no room is counted at the end.
class FoundLegend final : public QWidget
{
    Q_OBJECT
public:
    struct Entry
    {
        QString title;
        int count = 0, series = 0;
        bool operator==(const Entry &) const = default;
    };

    explicit FoundLegend(QWidget *parent = nullptr);
    void setEntries(const QList<Entry> &entries);
    [[nodiscard]] const QList<Entry> &entries() const { return m_entries; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {24, 20}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] int widthOf(const Entry &entry) const;

    QList<Entry> m_entries;
};

} // namespace ui::privacy
