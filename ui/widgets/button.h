// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/icons.h"

#include <QPushButton>

#include <optional>

namespace ui::widgets {

/// A button of the design: icon, text and a drawn key hint ("Ctrl+K"), 28 px high or 24 px small.
/// Plain (bordered), Primary (accent), Danger (error colour), Flat (no border), On (checkable: selection when checked).
class Button final : public QPushButton
{
    Q_OBJECT
public:
    enum class Kind { Plain, Primary, Danger, Flat, Link };

    explicit Button(const QString &text, QWidget *parent = nullptr);
    Button(Icon icon, const QString &text, QWidget *parent = nullptr);
    Button(Kind kind, Icon icon, const QString &text, QWidget *parent = nullptr);
    /// A square button with an icon alone; `name` is its tool tip and accessible name.
    static Button *iconOnly(Icon icon, const QString &name, QWidget *parent = nullptr, Kind kind = Kind::Plain);

    void setKind(Kind kind);
    void setSymbol(Icon icon);          ///< the icon at the left
    void setTrailing(Icon icon);        ///< an icon at the right: Icon::Down of a menu
    void setKeyHint(const QString &keys); ///< shown, not bound
    void setSmall(bool small);
    void setQuiet(bool quiet);           ///< muted words, as of an empty field
    void setDotRole(std::optional<Role> role); ///< a status dot at the left, in place of an icon

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override; ///< Enter does what Space does: of the one that has the focus

private:
    [[nodiscard]] QFont labelFont() const;
    [[nodiscard]] int hintWidth() const;

    Kind m_kind = Kind::Plain;
    Icon m_symbol = Icon::None;
    Icon m_trailing = Icon::None;
    QString m_keyHint;
    bool m_small = false;
    bool m_quiet = false;
    std::optional<Role> m_dot;
    bool m_byKeyboard = false; ///< the ring is for whoever walks by keys
};

/// Draws a key cap ("Ctrl+F") of 18 px height, right-aligned at `right`, centred on `middle`. @return its width
int paintKeyHint(QPainter *painter, int right, int middle, const QString &keys, const ThemeColors &colors);
int keyHintWidth(const QString &keys);

} // namespace ui::widgets
