// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/reconciliation.h"

#include <QWidget>

namespace ui::costs {

/// What a bill is off by, as a bar that is cut by causes, with their names and amounts below. A click or Enter chooses a cause,
/// a second one all. Keys: arrows.
class CauseBar final : public QWidget
{
    Q_OBJECT
public:
    explicit CauseBar(QWidget *parent = nullptr);
    /// Without those that are the same; the size of a part is what it is off by, in whichever direction.
    void setCauses(const std::vector<std::pair<gateway::billing::Cause, gateway::Money>> &causes);
    [[nodiscard]] std::optional<gateway::billing::Cause> chosen() const;
    [[nodiscard]] QSize sizeHint() const override { return {600, 64}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {300, 64}; }

Q_SIGNALS:
    void causeChosen(std::optional<gateway::billing::Cause> cause);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Part
    {
        gateway::billing::Cause cause;
        gateway::Money drift;
        QString words;
    };
    void choose(qsizetype part);
    void describe();
    [[nodiscard]] QList<QRectF> bars() const;   ///< of the parts, along the bar
    [[nodiscard]] QList<QRectF> labels() const; ///< and of their names
    [[nodiscard]] qsizetype partAt(const QPointF &at) const; ///< -1: none

    QList<Part> m_parts;
    qsizetype m_chosen = -1;
};

} // namespace ui::costs
