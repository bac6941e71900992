// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QObject>
#include <QPalette>

/// Style, fonts and light or dark for the whole programme. GUI thread.
namespace ui::widgets {

/// Makes the bundled icons and fonts known. Cheap when called again; the window and each test call it once.
void loadResources();

/// The bundled sans, figures tabular. Sizes of the design: 11 notes and axes, 12 dense, 13 body, 17 titles, 21 figures.
QFont textFont(int pixels = 13, QFont::Weight weight = QFont::Normal);
/// The bundled monospace for ids, code and prompts.
QFont monoFont(int pixels = 12, QFont::Weight weight = QFont::Normal);

enum class ThemeMode { System, Light, Dark };

/// Puts style, font and palette on the application, and changes them while it runs. One, owned by main().
class Theme final : public QObject
{
    Q_OBJECT
public:
    explicit Theme(QObject *parent = nullptr);

    [[nodiscard]] ThemeMode mode() const { return m_mode; }
    [[nodiscard]] bool dark() const;
    void setMode(ThemeMode mode);

Q_SIGNALS:
    void changed();

private:
    void apply();

    ThemeMode m_mode = ThemeMode::System;
    bool m_systemDark = false; ///< of the desktop's palette, before ours was set
};

/// Stored form of a mode: "system", "light", "dark".
QString toText(ThemeMode mode);
ThemeMode themeMode(const QString &text);

} // namespace ui::widgets
