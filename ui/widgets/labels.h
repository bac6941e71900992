// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/icons.h"

#include <QLabel>
#include <QWidget>

namespace ui::widgets {

/// A text label of the design's sizes that follows light and dark.
class Label final : public QLabel
{
    Q_OBJECT
public:
    enum class Kind { Body, Strong, Title, Hero, Secondary, Note, Mono, Field };
    explicit Label(Kind kind, const QString &text = {}, QWidget *parent = nullptr);
    void setRole(Role role);

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyColor();
    Role m_role;
};

/// A state in shape, colour and words: icon and text ("Active", "Key rejected"). Never colour alone.
class StateLabel final : public QWidget
{
    Q_OBJECT
public:
    explicit StateLabel(QWidget *parent = nullptr);
    StateLabel(Icon icon, Role role, const QString &text, QWidget *parent = nullptr);
    void setState(Icon icon, Role role, const QString &text, bool strong = false);
    [[nodiscard]] QString text() const { return m_text; }
    void setWordWrap(bool wrap); ///< over as many lines as it takes; else one, elided
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {16, 20}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return m_wrap; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QFont textFontOf() const;
    bool m_wrap = false;
    Icon m_icon = Icon::None;
    Role m_role = Role::Text;
    QString m_text;
    bool m_strong = false;
};

/// A small rounded mark of 20 px: "200 rescued", "Draft". Tinted by role; Role::Line draws an outline.
class Chip final : public QWidget
{
    Q_OBJECT
public:
    explicit Chip(const QString &text = {}, Role role = Role::Raised, QWidget *parent = nullptr);
    void setText(const QString &text);
    void setRole(Role role);
    void setClosable(bool closable); ///< shows a cross; closed() is emitted on click
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void clicked();
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    QString m_text;
    Role m_role;
    bool m_closable = false;
};

/// Paints a chip for delegates. @return its width
int paintChip(QPainter *painter, const QPoint &left, int middle, const QString &text, Role role, const ThemeColors &colors);
int chipWidth(const QString &text);

/// A provider's mark: one letter in a raised square of `side` (16, 20, 24, 32).
void paintProviderMark(QPainter *painter, const QRect &square, const QString &name, const ThemeColors &colors);

/// A 1 px line, vertical or horizontal, in the line colour.
class Divider final : public QWidget
{
    Q_OBJECT
public:
    explicit Divider(Qt::Orientation orientation, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace ui::widgets
