// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace ui::widgets {

/// Two texts line by line, by their longest common part: what went with a minus, what came with a plus, each in its colour
/// too; equal lines far from any change are told by their number. Accessible as their numbers and those lines.
class DiffView final : public QWidget
{
    Q_OBJECT
public:
    explicit DiffView(QWidget *parent = nullptr) : QWidget(parent) {}
    DiffView(const QString &before, const QString &after, QWidget *parent = nullptr);
    void setTexts(const QString &before, const QString &after);
    /// The lines that went and came, with their signs.
    [[nodiscard]] QString changedLines() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); } ///< in a scroll area nothing is cut

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Line
    {
        QChar sign; ///< '+', '-', or ' ': in both
        QString text;
    };

    QList<Line> m_lines;
};

} // namespace ui::widgets
