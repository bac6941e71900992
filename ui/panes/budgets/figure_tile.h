// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/theme_colors.h"

#include <QWidget>

namespace ui::budgets {

/// One figure of a budget: label, value, a note below. 76 px high.
class FigureTile final : public QWidget
{
    Q_OBJECT
public:
    explicit FigureTile(const QString &label, QWidget *parent = nullptr);
    void set(const QString &value, const QString &note, widgets::Role role = widgets::Role::Text);
    [[nodiscard]] QString value() const { return m_value; }
    [[nodiscard]] QString note() const { return m_note; }
    [[nodiscard]] QSize sizeHint() const override { return {150, 76}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {88, 76}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QFont valueFont(int room) const;

    QString m_label, m_value, m_note;
    widgets::Role m_role = widgets::Role::Text;
};

/// A colour's square or a kind's icon before a scope's name.
class ScopeMark final : public QWidget
{
public:
    ScopeMark();
    void set(int icon, int teamColor); ///< int(Icon); -2: no team
protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int m_icon = 0, m_team = -2;
};

/// What the lines of the burn-down picture are.
class BurnLegend final : public QWidget
{
    Q_OBJECT
public:
    explicit BurnLegend(QWidget *parent = nullptr);
    void setColor(int series);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 20}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int m_series = -1;
};

} // namespace ui::budgets
