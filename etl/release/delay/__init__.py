"""How complete newly closed months are: from counts that passed the noise; only coarse shares leave."""
