// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace ui::widgets {

/// Read-only monospaced text on the window colour: snippets, bodies, headers. Keywords in accent, strings in green.
class CodeView final : public QPlainTextEdit
{
    Q_OBJECT
public:
    enum class Language { Plain, Shell, Python, JavaScript, Json };
    explicit CodeView(Language language = Language::Plain, QWidget *parent = nullptr);
    void setLanguage(Language language);
    void setCode(const QString &code);
    /// Screen readers and test tools are told the code with this left out; call it before the view is shown.
    void setSecret(const QString &secret);
    [[nodiscard]] bool hidesSecret() const { return m_hidesSecret; }
    [[nodiscard]] QString codeForReaders() const;
    [[nodiscard]] int heightOf(int lines) const; ///< a height that shows so many lines

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyColors();
    class CodeHighlighter *m_highlighter;
    QString m_secret;
    bool m_hidesSecret = false;
};

} // namespace ui::widgets
