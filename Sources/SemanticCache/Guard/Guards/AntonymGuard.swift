/// A word that only one text has stands against its antonym that only the other has.
enum AntonymGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        texts.asked.words.contains { word in
            guard let antonyms = texts.lists.antonyms[word.form], !texts.stored.forms.contains(word.form) else {
                return false
            }
            return texts.stored.words.contains {
                antonyms.contains($0.form) && !texts.asked.forms.contains($0.form)
            }
        }
    }
}
